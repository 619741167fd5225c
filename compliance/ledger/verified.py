"""What the newest look at the whole record found of one organization's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from compliance.ledger.findings import OF_A_LINE, WAITING, Wrong

# There is a look a day: beyond this one was missed.
OLDEST: Final = timedelta(days=2)
_NEWEST: Final = """
SELECT began_at, rows, kinds::text FROM ledger_verified
 WHERE organization_id = %s ORDER BY due_at DESC LIMIT 1"""


def count_changed(kinds: Mapping[str, int]) -> int:
    """Return how many findings say that something was changed, and not that it waits.

    Args:
        kinds: How many of each `Wrong`.
    """
    return sum(count for kind, count in kinds.items() if Wrong(kind) not in WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found of an organization's record, and when.

    Attributes:
        at: The instant as of which it was looked at.
        rows: How many lines were looked at.
        changed: How many things are not as they were sealed.
        are_lines: Whether each of those is one line.
        waits: Whether newer lines have waited for too long to be sealed or anchored.
        is_old: Whether a later look should have been made.
    """

    at: datetime
    rows: int
    changed: int
    are_lines: bool
    waits: bool
    is_old: bool

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody must look into it."""
        return bool(self.changed) or self.waits or self.is_old


def find_verified(organization_id: UUID, *, now: datetime) -> Verified | None:
    """Return the newest look at the record of the open scope, or None before the first.

    Args:
        organization_id: Of the open scope.
        now: What `is_old` is told from.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [organization_id])
        row = cursor.fetchone()
    if row is None:
        return None
    at, rows, text = row
    kinds: dict[str, int] = json.loads(text)
    return Verified(
        at=at,
        rows=rows,
        changed=count_changed(kinds),
        are_lines={Wrong(kind) for kind in kinds} - WAITING <= OF_A_LINE,
        waits=any(Wrong(kind) in WAITING for kind in kinds),
        is_old=now - at > OLDEST,
    )
