"""The files of a PostgreSQL cluster: making them, and clearing up after a crash."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from sondervoice.embedded.binaries import Binaries
from sondervoice.embedded.errors import EmbeddedError
from sondervoice.embedded.layout import make_folder
from sondervoice.embedded.privileges import Identity, give, popen_arguments

_PROC: Final = Path("/proc")
_LEFTOVERS_S: Final = 15.0


def clean_environment() -> dict[str, str]:
    """Return our environment without what would steer PostgreSQL or its client."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "LC_", "LANG"))
    }
    return kept | {"LC_ALL": "C"}


def make_cluster(
    data: Path,
    *,
    binaries: Binaries,
    identity: Identity | None,
    password: str,
    lasting: bool,
) -> None:
    """Make the files of a new cluster, whole or not at all.

    Every connection needs a password (SCRAM), pages carry checksums, text is UTF-8 in
    the C collation, which does not change with the system's libraries. Not `lasting`
    leaves it to the system when the files reach the disk.

    Raises:
        EmbeddedError: If initdb fails, with its last words.
    """
    part = data.with_name("data.part")
    shutil.rmtree(part, ignore_errors=True)
    make_folder(part, mode=0o700)
    give(part, identity)
    password_file = data.with_name("initdb.password")
    password_file.unlink(missing_ok=True)
    with password_file.open("x", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(password)
    give(password_file, identity)
    try:
        options = [f"--pgdata={part}", f"--pwfile={password_file}"]
        _initdb(options if lasting else [*options, "--no-sync"], binaries, identity)
    finally:
        password_file.unlink()
    part.rename(data)


def _initdb(options: list[str], binaries: Binaries, identity: Identity | None) -> None:
    made = subprocess.run(  # noqa: S603 (a program of ours, no shell)
        [
            str(binaries.folder / "initdb"),
            *options,
            "--username=postgres",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            "--data-checksums",
            "--no-instructions",
        ],
        env=clean_environment(),
        cwd="/",
        capture_output=True,
        check=False,
        text=True,
        **popen_arguments(identity),
    )
    if made.returncode != 0:
        words = (made.stderr or made.stdout).strip().splitlines()[-1:]
        raise EmbeddedError(
            f"PostgreSQL could not make its files ({' '.join(words)}): "
            "make room or choose another folder, DATA_DIR=… make up."
        )


def refuse_other_version(data: Path, binaries: Binaries) -> None:
    """Refuse files that another major version wrote.

    Raises:
        EmbeddedError: With both versions and what can be done.
    """
    found = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    if found != str(binaries.major):
        raise EmbeddedError(
            f"{data} was written by PostgreSQL {found} and this is {binaries.version}: "
            "set SV_PGBIN to the old one, or DATA_DIR to a new folder."
        )


def clear_leftovers(
    data: Path, socket_lock: Path, pause: Callable[[float], None]
) -> None:
    """Make sure that nothing works on the files, then take stale pid files away.

    PostgreSQL trusts a pid file whose process exists. After a kill that process may be
    a zombie that no init reaps, or a stranger that got the number after a restart of
    the container. So we ask who stands in the data folder instead, as each process of
    a cluster does. The caller holds the lock on DATA_DIR, hence such a process is left
    over from a supervisor that was killed. Elsewhere than on Linux PostgreSQL's own
    check stands.
    """
    if sys.platform != "linux":
        return
    deadline = time.monotonic() + _LEFTOVERS_S
    for pid in occupants(data):
        _signal(pid, signal.SIGINT)
    while (left := occupants(data)) and time.monotonic() < deadline:
        pause(0.05)
    for pid in left:
        _signal(pid, signal.SIGKILL)
    while occupants(data):
        pause(0.02)
    (data / "postmaster.pid").unlink(missing_ok=True)
    socket_lock.unlink(missing_ok=True)


def occupants(data: Path) -> list[int]:
    """Return the processes whose working folder is `data`; zombies have none."""
    wanted = str(data.resolve())
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                if str((entry / "cwd").readlink()) == wanted:
                    found.append(int(entry.name))
    return found


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
