"""The dates of closing an account, all known before an owner confirms it.

A date is a midnight UTC, the same instant in every time zone; pages show it by the
clinic's clock. What we promise "at the latest" is rounded down, what the clinic is
given, the grace, is rounded up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

GRACE_DAYS: Final = 7
REMINDER_DAYS: Final = 3
PERSONAL_DAYS: Final = 30
BILLING_DAYS: Final = 90
BILLING_PURGE_DAYS: Final = 30
BACKUP_DAYS: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingDates:
    """When what happens; UTC, all but `asked_at` and `calls_stop_at` at midnight.

    Attributes:
        asked_at: When an owner confirmed.
        calls_stop_at: From when on no call is answered.
        reminder_at: When owners are written to once more.
        grace_ends_at: Until then an owner can undo it; the plan ends with it.
        personal_gone_by: When what was kept of people is gone at the latest.
        personal_backups_by: When no backup holds it any more.
        billing_kept_until: Until then what was paid for is kept.
        billing_gone_by: When that is gone at the latest.
        billing_backups_by: When no backup holds that any more.
        record_until: When the last line of the record goes.
    """

    asked_at: datetime
    calls_stop_at: datetime
    reminder_at: datetime
    grace_ends_at: datetime
    personal_gone_by: datetime
    personal_backups_by: datetime
    billing_kept_until: datetime
    billing_gone_by: datetime
    billing_backups_by: datetime
    record_until: datetime


def closing_dates(
    asked_at: datetime, *, stops_at_once: bool, record_keep_days: int
) -> ClosingDates:
    """Return the dates of an account whose closing is confirmed at an instant.

    Args:
        asked_at: In UTC.
        stops_at_once: No call is answered from then on; else until the grace ends.
        record_keep_days: How long a line of the record stays.
    """
    midnight = asked_at.replace(hour=0, minute=0, second=0, microsecond=0)
    started = midnight if midnight == asked_at else midnight + timedelta(days=1)
    grace_ends_at = started + timedelta(days=GRACE_DAYS)
    personal_gone_by = midnight + timedelta(days=PERSONAL_DAYS)
    billing_kept_until = grace_ends_at + timedelta(days=BILLING_DAYS)
    billing_gone_by = billing_kept_until + timedelta(days=BILLING_PURGE_DAYS)
    return ClosingDates(
        asked_at=asked_at,
        calls_stop_at=asked_at if stops_at_once else grace_ends_at,
        reminder_at=grace_ends_at - timedelta(days=REMINDER_DAYS),
        grace_ends_at=grace_ends_at,
        personal_gone_by=personal_gone_by,
        personal_backups_by=personal_gone_by + timedelta(days=BACKUP_DAYS),
        billing_kept_until=billing_kept_until,
        billing_gone_by=billing_gone_by,
        billing_backups_by=billing_gone_by + timedelta(days=BACKUP_DAYS),
        record_until=billing_gone_by + timedelta(days=record_keep_days),
    )
