"""What may be shown about backups: dates and counts, nothing of what is in one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from compliance.backups.services.run_drill import REPORTS, Drill, read_drill
from compliance.backups.services.watch_backups import OLDEST
from compliance.backups.shelf import Shelf
from compliance.keys.provider import COPIES_LIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupsNow:
    """How backups stand.

    Attributes:
        is_ours: The product makes them; else whoever runs the database does.
        is_late: The newest one is older than it may be, or there is none.
        unreadable_on: From when on what is erased today can be read from no backup;
            None where nobody but a hand ends copies of the key store.
        gone_on: From when on it is in none.
        drill: The last one, if there was any.
    """

    is_ours: bool
    count: int
    newest_at: datetime | None
    oldest_at: datetime | None
    is_late: bool
    keep_days: int
    unreadable_on: datetime | None
    gone_on: datetime
    drill: Drill | None


def find_backups(*, now: datetime) -> BackupsNow:
    """Return how the backups of this installation stand."""
    shelf = Shelf(Path(settings.BACKUP_DIR)) if settings.BACKUP_DIR else None
    found = shelf.backups() if shelf else []
    newest_at = found[0].made_at if found else None
    return BackupsNow(
        is_ours=shelf is not None,
        count=len(found),
        newest_at=newest_at,
        oldest_at=found[-1].made_at if found else None,
        is_late=newest_at is None or now - newest_at > OLDEST,
        keep_days=settings.BACKUP_KEEP_DAYS,
        unreadable_on=now + COPIES_LIVE if settings.KEY_COPIES_DIR else None,
        gone_on=now + timedelta(days=settings.BACKUP_KEEP_DAYS),
        drill=_find_drill(shelf.directory / REPORTS) if shelf else None,
    )


def _find_drill(folder: Path) -> Drill | None:
    for path in sorted(folder.glob("drill-*.json"), reverse=True):
        try:
            return read_drill(path)
        except (OSError, ValueError, TypeError, KeyError):
            continue
    return None
