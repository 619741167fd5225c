"""Seal what was written: rows become leaves, each organization's root is signed.

Next: `anchor_checkpoints` takes the checkpoints out of the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction

from compliance.ledger.notes import Checkpoint, note_hash
from compliance.ledger.row_body import PRODUCT, ROW_BODY
from compliance.ledger.signer import Signer
from compliance.ledger.tree import Frontier, Head, hash_leaf

ALIAS: Final = "sealer"
ROWS_AT_ONCE: Final = 50_000
# One sealer at a time, whichever process it runs in.
_LOCK: Final = 0x5EA1
# Complete subtrees of 2^8, 2^16 … leaves are kept, so that a proof reads some hundreds
# of hashes and not all leaves.
NODE_LEVELS: Final = 8

_ROWS: Final = f"""
SELECT coalesce(organization_id, %(product)s::uuid), id, at, {ROW_BODY}, xid::text
  FROM audit_logs
 WHERE xid >= %(low)s::xid8 AND xid < %(high)s::xid8
   AND NOT EXISTS (SELECT FROM ledger_leaves WHERE row_id = id)
 ORDER BY xid, id LIMIT %(limit)s"""  # noqa: S608 -- a constant of ours
_HEADS: Final = """
SELECT DISTINCT ON (organization_id) organization_id, size, peaks, note
  FROM ledger_checkpoints WHERE organization_id = ANY(%s)
 ORDER BY organization_id, size DESC"""
_ADD_LEAVES: Final = """
INSERT INTO ledger_leaves (organization_id, position, row_id, row_at, hash)
SELECT %s, %s + place - 1, row_id, row_at, hash
  FROM unnest(%s::uuid[], %s::timestamptz[], %s::bytea[])
  WITH ORDINALITY AS row (row_id, row_at, hash, place)"""
_ADD_NODES: Final = """
INSERT INTO ledger_nodes (organization_id, level, position, hash)
SELECT %s, level, position, hash
  FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[]) AS node (level, position, hash)"""

Row = tuple[UUID, UUID, datetime, bytes, str]


@dataclass(slots=True)
class _Log:
    """One organization's tree while it grows."""

    frontier: Frontier = field(default_factory=Frontier)
    previous: str = ""
    leaves: list[tuple[UUID, datetime, bytes]] = field(default_factory=list)
    nodes: list[tuple[int, int, bytes]] = field(default_factory=list)

    def add(self, row_id: UUID, row_at: datetime, body: bytes) -> None:
        leaf = hash_leaf(body)
        self.leaves.append((row_id, row_at, leaf))
        made = self.frontier.append(leaf)
        self.nodes.extend(node for node in made if node[0] % NODE_LEVELS == 0)


def seal_rows(*, signer: Signer, now: datetime, limit: int = ROWS_AT_ONCE) -> int:
    """Seal at most some `limit` rows, the oldest first; return how many.

    All of it is one transaction of the role `sv_sealer`. Rows of a transaction that
    still runs, and of every later one, wait for the next time. While another process
    seals, nothing is done.
    """
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        rows, horizon = _waiting(cursor, limit)
        logs = _grow(cursor, rows)
        _write(cursor, logs)
        _sign(cursor, logs, signer, now)
        cursor.execute(
            "UPDATE ledger_state SET horizon = %s::xid8, sealed_at = %s",
            [horizon, now],
        )
    return len(rows)


def _waiting(cursor: Any, limit: int) -> tuple[Sequence[Row], str]:
    """Return the rows to seal, and below which transaction all are sealed then."""
    cursor.execute(
        "SELECT horizon::text, pg_snapshot_xmin(pg_current_snapshot())::text "
        "FROM ledger_state FOR UPDATE"
    )
    low, high = cursor.fetchone()
    wanted = {"product": PRODUCT, "low": low, "high": high, "limit": limit}
    cursor.execute(_ROWS, wanted)
    rows = cursor.fetchall()
    if len(rows) < limit:
        return rows, high
    # The last transaction may go on past the limit: it is left whole for the next time,
    # unless it is the only one, which is then taken whole.
    last = rows[-1][4]
    if rows[0][4] != last:
        return [row for row in rows if row[4] != last], last
    following = str(int(last) + 1)
    cursor.execute(_ROWS, {**wanted, "high": following, "limit": None})
    return cursor.fetchall(), following


def _grow(cursor: Any, rows: Sequence[Row]) -> dict[UUID, _Log]:
    """Return the trees that grow by these rows, grown."""
    logs = {organization_id: _Log() for organization_id, *_ in rows}
    cursor.execute(_HEADS, [list(logs)])
    for organization_id, size, peaks, note in cursor.fetchall():
        log = logs[organization_id]
        log.frontier = Frontier(size, [bytes(peak) for peak in peaks])
        log.previous = note_hash(note)
    for organization_id, row_id, row_at, body, _ in rows:
        logs[organization_id].add(row_id, row_at, bytes(body))
    return logs


def _write(cursor: Any, logs: dict[UUID, _Log]) -> None:
    # Not by COPY, which PostgreSQL refuses on a table with policies.
    for organization_id, log in logs.items():
        ids, ats, leaves = zip(*log.leaves, strict=True)
        first = log.frontier.size - len(leaves)
        cursor.execute(
            _ADD_LEAVES, [organization_id, first, list(ids), list(ats), list(leaves)]
        )
        if log.nodes:
            levels, positions, nodes = zip(*log.nodes, strict=True)
            cursor.execute(
                _ADD_NODES, [organization_id, list(levels), list(positions), list(nodes)]
            )


def _sign(cursor: Any, logs: dict[UUID, _Log], signer: Signer, now: datetime) -> None:
    for organization_id, log in logs.items():
        frontier = log.frontier
        checkpoint = Checkpoint(
            origin=f"{signer.verifier.name}/{organization_id}",
            head=Head(frontier.size, frontier.root),
            sealed_at=now,
            previous=log.previous,
        )
        cursor.execute(
            "INSERT INTO ledger_checkpoints "
            "(organization_id, size, root, peaks, sealed_at, note) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            [
                organization_id,
                frontier.size,
                frontier.root,
                frontier.peaks,
                now,
                signer.sign(checkpoint.as_text()),
            ],
        )
