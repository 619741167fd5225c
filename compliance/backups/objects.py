"""Recordings in a backup: sealed already, copied as they are.

A recording never changes once it is stored. One that the backup before has is linked,
not written again, after its copy was read and its sum taken anew. What is in buckets is
counted, not copied; see `buckets.py`.
"""

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.core.files.storage import storages

from compliance.backups.errors import BackupBrokenError
from compliance.backups.sealed_file import Sum, sum_of

_CANNOT_LINK: Final = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP}


@dataclass(slots=True)
class Tally:
    """How many recordings went by."""

    count: int = 0
    size_bytes: int = 0

    def add(self, size_bytes: int) -> None:
        """Count one more."""
        self.count += 1
        self.size_bytes += size_bytes


def recordings_folder() -> Path:
    """Return where recordings lie on this machine; those in buckets are not there."""
    return Path(storages["recordings"].location)  # type: ignore[attr-defined]


def copy_objects(
    source: Path, to: Path, *, before: Path | None, until_s: float, tally: Tally
) -> Iterator[bytes]:
    """Copy recordings; yield a line of the list for each.

    Args:
        before: The recordings of the backup before.
        until_s: Of the machine's own clock. One that was stored later is not copied: no
            row of this backup knows it, so nothing would ever erase it.
    """
    for path in _files(source):
        name = path.relative_to(source)
        try:
            if path.stat().st_mtime > until_s:
                continue
            said = _copy(path, to / name, before / name if before else None)
        except FileNotFoundError:
            # Erased meanwhile; the list of erasures has it.
            continue
        tally.add(said.size_bytes)
        yield json.dumps([name.as_posix(), said.size_bytes, said.sha256]).encode()
        yield b"\n"


def read_list(pieces: Iterable[bytes]) -> Iterator[tuple[str, Sum]]:
    """Yield the names of a list with their sums.

    Raises:
        BackupBrokenError: If a line is not one of ours.
    """
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield _entry(line)
    if rest:
        raise BackupBrokenError("the list of recordings is cut")


def check_objects(folder: Path, listed: Iterable[tuple[str, Sum]]) -> Tally:
    """Read each recording of a backup and compare it with the list.

    Raises:
        BackupBrokenError: If one is missing or not what it was.
    """

    def check(name: str, said: Sum) -> None:
        try:
            with (folder / name).open("rb") as file:
                is_same = sum_of(file) == said
        except FileNotFoundError:
            raise BackupBrokenError(f"recording {name} is missing") from None
        if not is_same:
            raise BackupBrokenError(f"recording {name} is not what it was")

    return _each(listed, check)


def restore_objects(folder: Path, to: Path, listed: Iterable[tuple[str, Sum]]) -> Tally:
    """Put each recording of a backup back."""

    def put(name: str, _said: Sum) -> None:
        target = to / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_copy(folder / name, target)

    return _each(listed, put)


def _each(listed: Iterable[tuple[str, Sum]], do: Callable[[str, Sum], None]) -> Tally:
    tally = Tally()
    for name, said in listed:
        do(name, said)
        tally.add(said.size_bytes)
    return tally


def _files(source: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(source):
        folders.sort()
        yield from (Path(folder, name) for name in sorted(names))


def _copy(path: Path, target: Path, before: Path | None) -> Sum:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if before is None or not _is_same(path, before) or not _link(before, target):
        _write_copy(path, target)
    with target.open("rb") as file:
        return sum_of(file)


def _is_same(path: Path, before: Path) -> bool:
    try:
        there, here = before.stat(), path.stat()
    except FileNotFoundError:
        return False
    return (there.st_size, there.st_mtime_ns) == (here.st_size, here.st_mtime_ns)


def _link(before: Path, target: Path) -> bool:
    try:
        os.link(before, target)
    except OSError as error:
        if error.errno in _CANNOT_LINK:
            return False
        raise
    return True


def _write_copy(path: Path, target: Path) -> None:
    with path.open("rb") as source, target.open("xb") as copy:
        os.fchmod(copy.fileno(), 0o600)
        shutil.copyfileobj(source, copy, 1 << 20)
        copy.flush()
        os.fsync(copy.fileno())
    found = path.stat()
    os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))


def _entry(line: bytes) -> tuple[str, Sum]:
    try:
        name, size, sha256 = json.loads(line)
    except ValueError:
        raise BackupBrokenError("a line of the list cannot be read") from None
    path = Path(name)
    if path.is_absolute() or ".." in path.parts:
        raise BackupBrokenError("a recording's name leads elsewhere")
    return name, Sum(sha256, size)
