"""Take the checkpoints out of the database, with the hashes they stand on.

What is anchored can be changed in the database by nobody without being named, its
superuser included; what was written since the last anchor can.
"""

import hashlib
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from compliance.ledger.anchors import (
    AnchorStore,
    AnchorTakenError,
    Leaf,
    Part,
    parts_of,
)
from compliance.ledger.notes import Checkpoint, text_of
from compliance.ledger.sealer import as_sealer

logger = logging.getLogger(__name__)

LEAVES_A_LINE: Final = 10_000
_LOCK: Final = 0xA2C4
_WAITING: Final = """
SELECT organization_id, coalesce(max(a.size), 0), latest.size, latest.note
  FROM (SELECT DISTINCT ON (organization_id) organization_id, size, note
          FROM ledger_checkpoints ORDER BY organization_id, size DESC) AS latest
  LEFT JOIN ledger_anchored a USING (organization_id)
 GROUP BY organization_id, latest.size, latest.note
HAVING coalesce(max(a.size), 0) < latest.size
 ORDER BY organization_id"""
_LEAVES: Final = """
SELECT row_id, row_at, hash FROM ledger_leaves
 WHERE organization_id = %s AND position >= %s AND position < %s ORDER BY position"""


def anchor_checkpoints(*, store: AnchorStore, now: datetime) -> int:
    """Write what was sealed since the last anchor into the next one; return how many.

    The anchor is written before the database knows of it. Where the process died
    between the two, the anchor that stands is taken up; so are more, if the database
    has forgotten them.

    Returns:
        For how many organizations there was something to anchor.

    Raises:
        AnchorTakenError: If an anchor stands that this database does not agree with.
    """
    with as_sealer() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM ledger_anchors")
        (number,) = cursor.fetchone()
        if (last := store.count()) >= number:
            if last > number:
                logger.critical("anchors stand that the database had forgotten")
            behind = range(number, last + 1)
            return sum(_take_up(cursor, store, one, now) for one in behind)
        parts = list(_parts(cursor))
        if not parts:
            return 0
        content = "".join(part.as_line() for part in parts).encode()
        store.add(number, content)
        return note_anchor(cursor, number, content, parts, now)


def _parts(cursor: Any) -> Iterator[Part]:
    cursor.execute(_WAITING)
    for organization_id, start, size, note in cursor.fetchall():
        for first in range(start, size, LEAVES_A_LINE):
            last = min(first + LEAVES_A_LINE, size)
            cursor.execute(_LEAVES, [organization_id, first, last])
            leaves = [Leaf(of, at, bytes(leaf)) for of, at, leaf in cursor.fetchall()]
            yield Part(
                organization_id=organization_id,
                start=first,
                leaves=leaves,
                note=note if last == size else "",
            )


def _take_up(cursor: Any, store: AnchorStore, number: int, now: datetime) -> int:
    """Note an anchor that was written by a process that died then."""
    parts = list(parts_of(store, number))
    for part in parts:
        cursor.execute(
            "SELECT count(*) FROM ledger_checkpoints "
            "WHERE organization_id = %s AND note = %s",
            [part.organization_id, part.note],
        )
        if part.note and cursor.fetchone() != (1,):
            raise AnchorTakenError(number)
    return note_anchor(cursor, number, store.read(number), parts, now)


def note_anchor(
    cursor: Any, number: int, content: bytes, parts: list[Part], now: datetime
) -> int:
    """Note that an anchor stands; return of how many organizations."""
    cursor.execute(
        "INSERT INTO ledger_anchors (number, sha256, anchored_at) VALUES (%s, %s, %s)",
        [number, hashlib.sha256(content).digest(), now],
    )
    anchored = [(part.organization_id, _size(part.note)) for part in parts if part.note]
    cursor.executemany(
        "INSERT INTO ledger_anchored (organization_id, size, number) "
        "VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        [(organization_id, size, number) for organization_id, size in anchored],
    )
    return len(anchored)


def _size(note: str) -> int:
    return Checkpoint.from_text(text_of(note)).head.size
