"""What the ledger's own tables can be made to hide, and how it is found.

`verify` believes the anchors and the signatures. Which rows wait, which leaves there
are and how far is anchored stands in the database alone, so each is held to them here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from compliance.ledger.findings import Finding, Wrong
from compliance.ledger.row_body import PRODUCT

Sizes = Mapping[UUID, int]

# Anchored every five minutes, sealed every five seconds: what waits for longer is not
# on its way.
LONGEST_UNANCHORED: Final = timedelta(minutes=15)
LONGEST_UNSEALED: Final = timedelta(minutes=10)

_TREES: Final = "unnest(%(of)s::uuid[], %(sizes)s::bigint[]) AS tree (log, size)"
_STRAY: Final = f"""
SELECT organization_id, position, row_id, row_at
  FROM ledger_leaves LEFT JOIN {_TREES} ON log = organization_id
 WHERE position < 0 OR position >= coalesce(size, 0)
 ORDER BY organization_id, position"""  # noqa: S608 -- a constant of ours
_TWICE: Final = f"""
SELECT log, count(*), size FROM ledger_leaves JOIN {_TREES} ON log = organization_id
 WHERE position >= 0 AND position < size
 GROUP BY log, size HAVING count(*) > size ORDER BY log"""  # noqa: S608 -- likewise
# A row's id is unique beside its time alone, so both are looked for. Only a leaf in the
# row's own tree was compared with what is believed. No row is visible of a transaction
# that has not begun: who says so wants never to be sealed.
_SLIPPED_IN: Final = f"""
SELECT organization_id, id, at FROM audit_logs a
 WHERE (xid < coalesce((SELECT horizon FROM ledger_state), '0')
        OR xid >= pg_snapshot_xmax(pg_current_snapshot()))
   AND NOT EXISTS (
     SELECT FROM ledger_leaves l JOIN {_TREES} ON log = l.organization_id
      WHERE l.row_id = a.id AND l.row_at = a.at
        AND l.organization_id = coalesce(a.organization_id, %(product)s)
        AND position >= 0 AND position < size)
 ORDER BY at, id"""  # noqa: S608 -- likewise
_UNSEALED: Final = """
SELECT count(*), min(at) FROM audit_logs
 WHERE xid >= coalesce((SELECT horizon FROM ledger_state), '0')
   AND NOT EXISTS (SELECT FROM ledger_leaves WHERE row_id = id)"""
_ANCHORED: Final = """
SELECT organization_id, max(size) FROM ledger_anchored
 GROUP BY organization_id ORDER BY organization_id"""


@dataclass(frozen=True, slots=True)
class Unsealed:
    """Rows that wait to be sealed: how many, and of when the oldest is."""

    rows: int
    since: datetime | None


def find_stray_leaves(cursor: Any, sizes: Sizes) -> Iterator[Finding]:
    """Find leaves that stand where no signed checkpoint reaches.

    Args:
        sizes: How many leaves each tree has, as it was signed.
    """
    cursor.execute(_STRAY, _trees(sizes))
    for of, position, row_id, row_at in cursor.fetchall():
        yield Finding(
            wrong=Wrong.LEAF,
            organization_id=of,
            position=position,
            row_id=row_id,
            row_at=row_at,
            words="its leaf stands where nothing was sealed",
        )
    cursor.execute(_TWICE, _trees(sizes))
    for of, count, size in cursor.fetchall():
        words = f"{count} leaves stand where {size} rows were sealed"
        yield Finding(wrong=Wrong.LEAF, organization_id=of, words=words)


def find_slipped_in(
    cursor: Any, sizes: Sizes, named: Iterable[tuple[UUID, datetime]]
) -> Iterator[Finding]:
    """Find rows that no leaf of their own tree is about, and that are not new.

    Args:
        sizes: How many leaves each tree has, as it was signed.
        named: Rows that were found already, by id and time.
    """
    known = set(named)
    cursor.execute(_SLIPPED_IN, _trees(sizes) | {"product": PRODUCT})
    for of, row_id, row_at in cursor.fetchall():
        if (row_id, row_at) not in known:
            yield Finding(
                wrong=Wrong.ADDED,
                organization_id=of,
                row_id=row_id,
                row_at=row_at,
                words="the row was never sealed and is not too new to be",
            )


def find_forgotten_anchors(cursor: Any, count: int) -> Iterator[Finding]:
    """Find anchors that stand and that the database does not know.

    One may: it is written before the database knows of it.
    """
    cursor.execute("SELECT number FROM ledger_anchors")
    known = {number for (number,) in cursor.fetchall()}
    last = max(known, default=0)
    missing = sorted({*range(1, count + 1)} - known)
    if missing and missing != [last + 1]:
        words = f"the database does not know the anchors {missing[0]} to {missing[-1]}"
        yield Finding(wrong=Wrong.STATE, words=words)


def find_false_anchored(cursor: Any, anchored: Sizes) -> Iterator[Finding]:
    """Find where the database says that more is anchored than is.

    What it believes to be anchored it anchors never.
    """
    cursor.execute(_ANCHORED)
    for of, said in cursor.fetchall():
        found = anchored.get(of, 0)
        if said > found:
            words = f"the database says that {said} rows are anchored, {found} are"
            yield Finding(wrong=Wrong.STATE, organization_id=of, words=words)


def find_state_gone(cursor: Any) -> Iterator[Finding]:
    """Find that nobody knows any more which rows are new; nothing is sealed then."""
    cursor.execute("SELECT count(*) FROM ledger_state")
    if cursor.fetchone() != (1,):
        yield Finding(wrong=Wrong.STATE, words="the sealer's state is gone")


def count_unsealed(cursor: Any) -> Unsealed:
    """Return what waits to be sealed."""
    cursor.execute(_UNSEALED)
    return Unsealed(*cursor.fetchone())


def find_late(
    unsealed: Unsealed, unanchored: Mapping[UUID, datetime], now: datetime
) -> Iterator[Finding]:
    """Find what has waited for too long, so that nobody could say what became of it.

    Args:
        unanchored: When the oldest checkpoint behind the last anchor was signed.
    """
    if unsealed.since is not None and now - unsealed.since > LONGEST_UNSEALED:
        since = f"{unsealed.since:%Y-%m-%d %H:%M:%S} UTC"
        words = f"{unsealed.rows} rows wait to be sealed since {since}"
        yield Finding(wrong=Wrong.UNSEALED, words=words)
    for of, at in unanchored.items():
        if now - at > LONGEST_UNANCHORED:
            words = f"no anchor has what was sealed since {at:%Y-%m-%d %H:%M:%S} UTC"
            yield Finding(wrong=Wrong.UNANCHORED, organization_id=of, words=words)


def _trees(sizes: Sizes) -> dict[str, Any]:
    return {"of": list(sizes), "sizes": list(sizes.values())}
