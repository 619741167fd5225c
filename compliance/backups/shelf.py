"""Where backups stand: a folder each, whole under its name or not there.

It is written under a draft's name and renamed when all of it is on the disk; on its way
out it gets a draft's name again before the first file goes. Killed anywhere, no half
one has the name of a whole one.
"""

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from compliance.backups.errors import BackupBrokenError, BackupRefusedError
from compliance.backups.manifest import Manifest
from compliance.keys.files import sync_folder
from compliance.ledger.notes import Verifier

_STAMP: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(r"backup-(\d{8}T\d{6}Z)")
_DRAFT: Final = ".part"
MANIFEST: Final = "manifest.txt"
OBJECTS: Final = "objects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One that is whole.

    Attributes:
        made_at: As its name says; the manifest says it signed.
    """

    folder: Path
    made_at: datetime

    def manifest(self, verifiers: Sequence[Verifier]) -> Manifest:
        """Return what it says of itself.

        Raises:
            BackupBrokenError: If it has none that one of these keys signed.
        """
        try:
            note = (self.folder / MANIFEST).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise BackupBrokenError("the manifest cannot be read") from None
        return Manifest.from_note(note, verifiers)


class Shelf:
    """One folder of backups."""

    def __init__(self, directory: Path) -> None:
        """Keep backups in `directory`, which is made when first needed."""
        self.directory = directory

    def backups(self) -> list[Backup]:
        """Return those that are whole, the newest first."""
        found = []
        for path in self.directory.glob("backup-*"):
            named = _NAME.fullmatch(path.name)
            if named and path.is_dir():
                at = datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC)
                found.append(Backup(folder=path, made_at=at))
        return sorted(found, key=lambda one: one.made_at, reverse=True)

    def newest(self) -> Backup | None:
        """Return the newest one."""
        return next(iter(self.backups()), None)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only one who writes here, and clear what died half done.

        Raises:
            BackupRefusedError: If somebody else does.
        """
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = self.directory / ".lock"
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for path in self.directory.glob(f".backup-*{_DRAFT}"):
                shutil.rmtree(path)
            yield
        except BlockingIOError:
            raise BackupRefusedError("Another backup is being made") from None
        finally:
            os.close(descriptor)

    @contextmanager
    def draft(self, made_at: datetime) -> Iterator[Path]:
        """Yield a folder to write into; it gets its name when the block ends well."""
        name = f"backup-{made_at.astimezone(UTC).strftime(_STAMP)}"
        draft = self.directory / f".{name}.{secrets.token_hex(4)}{_DRAFT}"
        draft.mkdir(mode=0o700)
        try:
            yield draft
            _sync_all(draft)
            self._name(draft, name)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        sync_folder(self.directory)

    def _name(self, draft: Path, name: str) -> None:
        if (self.directory / name).exists():
            raise BackupRefusedError("There is a backup of this second already")
        draft.rename(self.directory / name)

    def delete_older(self, *, keep_days: int, now: datetime) -> int:
        """Delete backups whose days are over; return how many."""
        old = [
            one
            for one in self.backups()
            if one.made_at + timedelta(days=keep_days) <= now
        ]
        for one in old:
            draft = one.folder.with_name(f".{one.folder.name}{_DRAFT}")
            one.folder.rename(draft)
            shutil.rmtree(draft)
        return len(old)


def backup_at(path: Path) -> Backup:
    """Return the backup that a path names, or the newest one of a folder of them.

    Raises:
        BackupBrokenError: If there is none.
    """
    named = _NAME.fullmatch(path.name)
    if named and path.is_dir():
        at = datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC)
        return Backup(folder=path, made_at=at)
    newest = Shelf(path).newest()
    if newest is None:
        raise BackupBrokenError("there is no backup")
    return newest


def _sync_all(folder: Path) -> None:
    for inner, _, _ in os.walk(folder):
        sync_folder(Path(inner))
