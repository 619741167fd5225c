"""Count in the database what must be counted even when the cache is away."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from django.db import connection

from accounts.derived_keys import blind

WINDOW_S: Final = 60

# The window begins with the first hit after the last one ended: nothing is gained by
# waiting for the turn of a minute.
_COUNT: Final = """
INSERT INTO machines_tally AS t (name, started_at, count) VALUES (%(name)s, %(now)s, 1)
ON CONFLICT (name) DO UPDATE SET
  count = CASE WHEN t.started_at <= %(old)s THEN 1 ELSE t.count + 1 END,
  started_at = CASE WHEN t.started_at <= %(old)s THEN %(now)s ELSE t.started_at END
RETURNING count, started_at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """How many came in this window, the last one included.

    Attributes:
        wait_s: Until the window ends, at least 1.
    """

    count: int
    wait_s: int


def count_hit(*, kind: str, subject: str, now: datetime) -> Hits:
    """Count one hit of this kind by this subject and return how many there are.

    Written in the open transaction, so call it outside of what may be rolled back.

    Args:
        kind: A word of ours, ``sign-in of an address``.
        subject: An address, an e-mail, an id; only its blinded form is kept.
    """
    old = now - timedelta(seconds=WINDOW_S)
    name = blind("tally", f"{kind}\n{subject}")
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"name": name, "now": now, "old": old})
        count, started_at = cursor.fetchone()
    left_s = (started_at - old).total_seconds()
    return Hits(count=count, wait_s=max(1, ceil(left_s)))


def is_first_hit(*, kind: str, subject: str, now: datetime) -> bool:
    """Count one hit and return whether it is the first of its minute."""
    return count_hit(kind=kind, subject=subject, now=now).count == 1
