"""Seal what was written: rows become leaves, each organization's root is signed.

Next: `anchor_checkpoints` takes the checkpoints out of the database.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from compliance.ledger.notes import Checkpoint, note_hash
from compliance.ledger.row_body import PRODUCT, ROW_BODY
from compliance.ledger.sealer import as_sealer
from compliance.ledger.signer import Signer
from compliance.ledger.tree import HASH_BYTES, Frontier, Head

logger = logging.getLogger(__name__)

ROWS_AT_ONCE: Final = 50_000
# One sealer at a time, whichever process it runs in.
_LOCK: Final = 0x5EA1
# Complete subtrees of 2^8, 2^16 … leaves are kept, so that a proof reads some hundreds
# of hashes and not all leaves.
NODE_LEVELS: Final = 8

_HORIZON: Final = """
SELECT horizon::text, pg_snapshot_xmin(pg_current_snapshot())::text,
       (SELECT xid::text FROM audit_logs WHERE xid >= horizon ORDER BY xid LIMIT 1),
       (SELECT xid::text FROM audit_logs WHERE xid >= horizon ORDER BY xid
        OFFSET %s LIMIT 1)
  FROM ledger_state FOR UPDATE"""
# Hashes travel as one value for each organization: read one by one they take longer
# than to be made. In the table an id is unique beside its time alone: of rows that
# share one the first is sealed, and `verify` names the others.
_ADD_LEAVES: Final = f"""
WITH waiting AS (
  SELECT DISTINCT ON (id)
         coalesce(organization_id, %(product)s::uuid) AS log, xid, id, at,
         sha256('\\x00'::bytea || {ROW_BODY}) AS hash
    FROM audit_logs
   WHERE xid >= %(low)s::xid8 AND xid < %(high)s::xid8
     AND NOT EXISTS (SELECT FROM ledger_leaves WHERE row_id = id)
   ORDER BY id, xid, at
), added AS (
  INSERT INTO ledger_leaves (organization_id, position, row_id, row_at, hash)
  SELECT log, row_number() OVER (PARTITION BY log ORDER BY xid, id) - 1 + coalesce(
           (SELECT max(size) FROM ledger_checkpoints c WHERE c.organization_id = log),
           0), id, at, hash
    FROM waiting
  RETURNING organization_id, position, hash
)
SELECT organization_id, string_agg(hash, ''::bytea ORDER BY position)
  FROM added GROUP BY organization_id"""  # noqa: S608 -- a constant of ours
_COUNT: Final = """
SELECT count(*) FROM audit_logs WHERE xid >= %s::xid8 AND xid < %s::xid8"""
_PASSED_OVER: Final = """
SELECT count(*) FROM audit_logs JOIN ledger_leaves l ON row_id = id
 WHERE xid >= %s::xid8 AND xid < %s::xid8 AND position >= coalesce(
         (SELECT max(size) FROM ledger_checkpoints c
           WHERE c.organization_id = l.organization_id), 0)"""
_HEADS: Final = """
SELECT DISTINCT ON (organization_id) organization_id, size, peaks, note
  FROM ledger_checkpoints WHERE organization_id = ANY(%s)
 ORDER BY organization_id, size DESC"""
_ADD_NODES: Final = """
INSERT INTO ledger_nodes (organization_id, level, position, hash)
SELECT %s, level, position, hash
  FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[])
    AS node (level, position, hash)"""
_ADD_CHECKPOINT: Final = """
INSERT INTO ledger_checkpoints (organization_id, size, root, peaks, sealed_at, note)
VALUES (%s, %s, %s, %s, %s, %s)"""


@dataclass(slots=True)
class _Log:
    """One organization's tree while it grows."""

    frontier: Frontier = field(default_factory=Frontier)
    previous: str = ""
    nodes: list[tuple[int, int, bytes]] = field(default_factory=list)

    def add(self, leaves: bytes) -> None:
        for start in range(0, len(leaves), HASH_BYTES):
            made = self.frontier.append(leaves[start : start + HASH_BYTES])
            self.nodes.extend(node for node in made if node[0] % NODE_LEVELS == 0)


def seal_rows(*, signer: Signer, now: datetime, limit: int = ROWS_AT_ONCE) -> int:
    """Seal some `limit` rows, the oldest first; return how many there were.

    A transaction's rows are sealed together, so it may be more. All of it is one
    transaction of the role `sv_sealer`. Rows of a transaction that still runs, and of
    every later one, wait for the next time. While another process seals, nothing is
    done.
    """
    with as_sealer() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        low, high = _horizon(cursor, limit)
        cursor.execute(_ADD_LEAVES, {"product": PRODUCT, "low": low, "high": high})
        leaves = {log: bytes(hashes) for log, hashes in cursor.fetchall()}
        for organization_id, log in _grown(cursor, leaves).items():
            _keep(cursor, organization_id, log, signer, now)
        sealed = sum(map(len, leaves.values())) // HASH_BYTES
        _look_at_the_rest(cursor, low, high, sealed)
        cursor.execute(
            "UPDATE ledger_state SET horizon = %s::xid8, sealed_at = %s", [high, now]
        )
    return sealed


def _look_at_the_rest(cursor: Any, low: str, high: str, sealed: int) -> None:
    """Tell of rows that were passed over since somebody else gave them a leaf.

    Who shares the id of a sealed row is passed over too; `verify` names it.
    """
    cursor.execute(_COUNT, [low, high])
    if cursor.fetchone()[0] == sealed:
        return
    cursor.execute(_PASSED_OVER, [low, high])
    if cursor.fetchone()[0]:
        logger.critical("a leaf that nobody sealed keeps a row from being sealed")


def _horizon(cursor: Any, limit: int) -> tuple[str, str]:
    """Return the transactions to seal: from the first, below the second."""
    cursor.execute(_HORIZON, [limit])
    low, high, first, cut = cursor.fetchone()
    if cut is not None and int(cut) < int(high):
        # Not in halves; one that is longer than the limit is taken whole.
        high = cut if cut != first else str(int(first) + 1)
    return low, high


def _grown(cursor: Any, leaves: dict[UUID, bytes]) -> dict[UUID, _Log]:
    """Return the trees that grow by these leaves, grown."""
    logs = {organization_id: _Log() for organization_id in leaves}
    cursor.execute(_HEADS, [list(logs)])
    for organization_id, size, peaks, note in cursor.fetchall():
        log = logs[organization_id]
        log.frontier = Frontier(size, [bytes(peak) for peak in peaks])
        log.previous = note_hash(note)
    for organization_id, log in logs.items():
        log.add(leaves[organization_id])
    return logs


def _keep(
    cursor: Any, organization_id: UUID, log: _Log, signer: Signer, now: datetime
) -> None:
    if log.nodes:
        columns = [list(column) for column in zip(*log.nodes, strict=True)]
        cursor.execute(_ADD_NODES, [organization_id, *columns])
    head = Head(log.frontier.size, log.frontier.root)
    checkpoint = Checkpoint(
        origin=f"{signer.verifier.name}/{organization_id}",
        head=head,
        sealed_at=now,
        previous=log.previous,
    )
    note = signer.sign(checkpoint.as_text())
    row = [organization_id, head.size, head.root, log.frontier.peaks, now, note]
    cursor.execute(_ADD_CHECKPOINT, row)
