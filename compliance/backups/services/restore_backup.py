"""Bring a backup back into an empty place, closed to the product until all is said.

Next: `finish_restore` verifies the record and erases again what must be gone; then, and
not before, `open_database`.
"""

from dataclasses import dataclass
from pathlib import Path

import psycopg

from compliance.backups.dump import count_rows, differences
from compliance.backups.errors import BackupBrokenError, BackupRefusedError
from compliance.backups.objects import restore_objects
from compliance.backups.schema import refuse_newer
from compliance.backups.services.check_backup import OpenBackup
from compliance.backups.services.restore_database import (
    close_database,
    refuse_unless_empty,
    restore_database,
)
from compliance.backups.shelf import OBJECTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What is back."""

    rows: int
    recordings: int


def restore_backup(
    opened: OpenBackup, *, url: str, folder: Path, is_quiet: bool = False
) -> Restored:
    """Put rows and recordings back, and count them.

    Args:
        url: Of the owner role, naming an empty database.
        folder: An empty one for the recordings.

    Raises:
        BackupRefusedError: If the place is not empty, or a newer product made it.
        BackupBrokenError: If the backup is not what was signed, or less came back.
        ProgramFailedError: If pg_restore failed.
    """
    refuse_newer(opened.manifest.migrations)
    refuse_unless_empty(url)
    _refuse_recordings(folder)
    opened.check()
    close_database(url)
    restore_database(url, opened.database, is_quiet=is_quiet)
    with psycopg.connect(url) as owner:
        found = count_rows(owner)
    if wrong := differences(opened.manifest.tables, found):
        raise BackupBrokenError(f"not all rows came back: {', '.join(wrong)}")
    recordings = _restore_recordings(opened, folder)
    return Restored(rows=sum(found.values()), recordings=recordings)


def _refuse_recordings(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefusedError(f"{folder} is not empty: nothing is overwritten")


def _restore_recordings(opened: OpenBackup, folder: Path) -> int:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    source = opened.backup.folder / OBJECTS
    put = restore_objects(source, folder, opened.objects())
    if put.count != opened.manifest.object_count:
        raise BackupBrokenError("not all recordings came back")
    return put.count
