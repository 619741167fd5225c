"""Let whole months of the record go once their time is over; their leaves stay.

The roots over them stand in checkpoints and anchors for good, so the later record is
proved as before.
"""

import logging
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from compliance.ledger.sealer import as_sealer
from sondervoice.kernel import audit

logger = logging.getLogger(__name__)

_MONTHS: Final = """
SELECT to_date(right(inhrelid::regclass::text, 7), 'YYYY_MM') AS month
  FROM pg_inherits WHERE inhparent = 'audit_logs'::regclass ORDER BY month"""
_NOT_ANCHORED: Final = """
SELECT EXISTS (
  SELECT FROM ledger_leaves l
   WHERE l.row_at >= %s AND l.row_at < %s
     AND l.position >= coalesce((SELECT max(size) FROM ledger_anchored a
                                  WHERE a.organization_id = l.organization_id), 0))"""


def drop_old_months(*, keep_days: int, now: datetime) -> list[date]:
    """Drop each month that ended more than `keep_days` ago; return them.

    A month with a row that is not anchored stays, and the log says so. That it went is
    a row of the record itself.
    """
    with as_sealer() as cursor:
        cursor.execute(_MONTHS)
        months = [month for (month,) in cursor.fetchall()]
    before = now - timedelta(days=keep_days)
    due = [month for month in months if _end_of(month) <= before]
    return [month for month in due if _drop(month)]


def _drop(month: date) -> bool:
    with as_sealer() as cursor:
        if not _is_anchored(cursor, month):
            logger.critical("a month of the record is due and is not anchored")
            return False
        cursor.execute("SELECT drop_audit_month(%s)", [month])
        (rows,) = cursor.fetchone()
    audit.record(
        audit.Entry(
            action="compliance.record.month_dropped",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="record",
            subject_id=None,
            facts={"year": month.year, "month": month.month, "rows": rows},
        )
    )
    return True


def _is_anchored(cursor: Any, month: date) -> bool:
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    cursor.execute(_NOT_ANCHORED, [start, _end_of(month)])
    return not cursor.fetchone()[0]


def _end_of(month: date) -> datetime:
    year, following = divmod(month.year * 12 + month.month, 12)
    return datetime(year, following + 1, 1, tzinfo=UTC)
