"""Copies the key store for the day its disk fails; no copy outlives seven days.

A key that was destroyed is in the copies of before. Only once they are gone is it gone.
"""

import os
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from compliance.keys.files import sync_folder, write_draft
from compliance.keys.provider import COPIES_LIVE
from compliance.keys.store import FileKeyStore
from sondervoice.kernel import audit

_NAME: Final = re.compile(r"\.?keys-(\d{8}T\d{6}Z)(\.part)?")
_STAMP: Final = "%Y%m%dT%H%M%SZ"


class CopyPlaceError(Exception):
    """A copy must not stand inside what is copied, nor the other way round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What was done.

    Attributes:
        keys: How many are in the copy.
        deleted: How many copies had come to their end.
    """

    folder: Path
    keys: int
    deleted: int


def copy_key_store(store: FileKeyStore, to: Path, *, now: datetime) -> Copied:
    """Make a dated copy in `to`, and delete those that are seven days old.

    Args:
        now: In UTC.

    Raises:
        CopyPlaceError: If `to` is in the key store, or holds it.
    """
    source, target = store.directory.resolve(), to.resolve()
    if source.is_relative_to(target) or target.is_relative_to(source):
        raise CopyPlaceError("a copy of the key store must stand outside of it")
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    deleted = _delete_old(target, now)
    folder = target / f"keys-{now.strftime(_STAMP)}"
    part = target / f".{folder.name}.part"
    count = _copy(source, part)
    part.rename(folder)
    sync_folder(target)
    _record(count, deleted)
    return Copied(folder=folder, keys=count, deleted=deleted)


def _delete_old(target: Path, now: datetime) -> int:
    old = []
    for path in target.iterdir():
        found = _NAME.fullmatch(path.name)
        if found:
            made_at = datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC)
            if found[2] or made_at + COPIES_LIVE <= now:
                old.append(path)
    for path in old:
        shutil.rmtree(path)
    return len(old)


def _copy(source: Path, part: Path) -> int:
    """Copy each key; one that is destroyed meanwhile is not in the copy."""
    part.mkdir(mode=0o700)
    count = 0
    for folder, names in _folders(source):
        copied = part / folder.relative_to(source)
        copied.mkdir(mode=0o700, exist_ok=True)
        for name in names:
            try:
                content = (folder / name).read_bytes()
            except FileNotFoundError:
                continue
            write_draft(copied / name, content).rename(copied / name)
            count += folder != source
    return count


def _folders(source: Path) -> list[tuple[Path, list[str]]]:
    return [
        (Path(folder), [name for name in names if not name.startswith(".")])
        for folder, _, names in os.walk(source)
    ]


def _record(count: int, deleted: int) -> None:
    with transaction.atomic():
        audit.record(
            audit.Entry(
                action="compliance.keys.copied",
                organization_id=None,
                actor_kind="system",
                actor_id=None,
                subject_kind="key_store",
                subject_id=None,
                facts={"count": count, "deleted": deleted},
            )
        )
