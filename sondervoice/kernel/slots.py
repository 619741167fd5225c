"""Work of the clock that must be done once for each slot, whoever comes first.

A slot is the instant for which the work is due, not the one at which it runs. Whoever
claims it has a lease; if they die, a later tick claims it again, until it is finished.
"""

from datetime import datetime, timedelta

from django.db import connection

_CLAIM = """
INSERT INTO periodic_runs (job, slot, claimed_at, lease_until) VALUES (%s, %s, %s, %s)
    ON CONFLICT (job, slot) DO UPDATE
   SET claimed_at = EXCLUDED.claimed_at, lease_until = EXCLUDED.lease_until
 WHERE periodic_runs.finished_at IS NULL
   AND periodic_runs.lease_until <= EXCLUDED.claimed_at
RETURNING true"""


def claim_slot(job: str, slot: datetime, *, now: datetime, lease: timedelta) -> bool:
    """Return whether the slot's work is ours to do: nobody's, or its lease ran out."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [job, slot, now, now + lease])
        return cursor.fetchone() is not None


def finish_slot(job: str, slot: datetime, *, now: datetime) -> None:
    """Say that the slot's work is done; nobody claims it again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE periodic_runs SET finished_at = %s WHERE job = %s AND slot = %s",
            [now, job, slot],
        )


def latest_slot(now: datetime, *, hour: int, weekday: int | None = None) -> datetime:
    """Return the last time it was that hour, of that day of the week or of any.

    Args:
        now: In UTC; so is the answer.
        weekday: 0 is Monday.
    """
    slot = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    days = 0 if weekday is None else (slot.weekday() - weekday) % 7
    slot -= timedelta(days=days)
    if slot > now:
        slot -= timedelta(days=1 if weekday is None else 7)
    return slot
