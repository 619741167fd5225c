"""Whom the database runs as: PostgreSQL refuses root, so root steps down for it."""

import os
import pwd
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict

_CANDIDATES: Final = ("postgres", "nobody")


class PopenIdentity(TypedDict, total=False):
    """The arguments of `subprocess.Popen` that change who runs."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Identity:
    """A user that is not root."""

    uid: int
    gid: int


def unprivileged() -> Identity | None:
    """Return whom root steps down to, or None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in _CANDIDATES:
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Identity(entry.pw_uid, entry.pw_gid)
    return Identity(65534, 65534)


def popen_arguments(identity: Identity | None) -> PopenIdentity:
    """Return what makes a child run as `identity`; nothing for None."""
    if identity is None:
        return {}
    return {"user": identity.uid, "group": identity.gid, "extra_groups": []}


def give(path: Path, identity: Identity | None) -> None:
    """Let `identity` own the file or folder, which we made ourselves."""
    if identity is not None:
        os.chown(path, identity.uid, identity.gid)


def can_enter(folder: Path, identity: Identity | None) -> bool:
    """Tell whether `identity` can pass through the folder and all above it."""
    found = subprocess.run(  # noqa: S603 (a fixed program, a path of ours)
        ["/bin/sh", "-c", 'test -x "$0/."', str(folder)],
        check=False,
        cwd="/",
        **popen_arguments(identity),
    )
    return found.returncode == 0
