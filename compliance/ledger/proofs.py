"""What a clinic can take along to check its record elsewhere, read in its own scope.

The formats are those of `offline/check_record.py`, which checks them with no help of
ours.
"""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from compliance.ledger.errors import CheckpointUnknownError, LineNotSealedError
from compliance.ledger.notes import Checkpoint, NoteBrokenError, Verifier, open_note
from compliance.ledger.row_body import ROW_BODY
from compliance.ledger.services.seal_rows import NODE_LEVELS
from compliance.ledger.tree import Head, hash_node, prove_consistency, prove_inclusion
from sondervoice.kernel import tenancy

_NEWEST: Final = """
SELECT size, root, sealed_at, note,
       (SELECT max(a.size) FROM ledger_anchored a
         WHERE a.organization_id = c.organization_id)
  FROM ledger_checkpoints c WHERE organization_id = %s ORDER BY size DESC LIMIT 1"""
_LINE: Final = f"""
SELECT position, convert_from(body, 'UTF8')
  FROM ledger_leaves l JOIN (SELECT id, at, {ROW_BODY} AS body FROM audit_logs) row
    ON row.id = row_id AND row.at = row_at
 WHERE l.organization_id = %s AND row_id = %s"""  # noqa: S608 -- a constant of ours
# A row is gone whose month's time was over, or that a restore lost; its hash stays.
_LINES: Final = f"""
SELECT convert_from(body, 'UTF8'), hash
  FROM ledger_leaves l LEFT JOIN (SELECT id, at, {ROW_BODY} AS body FROM audit_logs) row
    ON row.id = row_id AND row.at = row_at
 WHERE l.organization_id = %s AND position >= %s AND position < %s
 ORDER BY position"""  # noqa: S608 -- a constant of ours
_LEAVES: Final = """
SELECT hash FROM ledger_leaves
 WHERE organization_id = %s AND position >= %s AND position < %s ORDER BY position"""
_NODES: Final = """
SELECT hash FROM ledger_nodes
 WHERE organization_id = %s AND position >= %s AND position < %s AND level = %s
 ORDER BY position"""
_LINES_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRecord:
    """How far an organization's record is sealed.

    Attributes:
        anchored: How many lines are also kept outside the database.
    """

    head: Head
    sealed_at: datetime
    note: str
    anchored: int


def find_sealed(organization_id: UUID) -> SealedRecord | None:
    """Return the newest checkpoint, or None while nothing is sealed."""
    row = _one(_NEWEST, organization_id)
    if row is None:
        return None
    size, root, sealed_at, note, anchored = row
    return SealedRecord(
        head=Head(size, bytes(root)),
        sealed_at=sealed_at,
        note=note,
        anchored=anchored or 0,
    )


def prove_line(organization_id: UUID, row_id: UUID) -> dict[str, Any]:
    """Return a line as it was sealed, and the proof that it was.

    Raises:
        LineNotSealedError: If it is too new, or there is no such line.
    """
    sealed = find_sealed(organization_id)
    found = _one(_LINE, organization_id, row_id)
    if sealed is None or found is None or found[0] >= sealed.head.size:
        raise LineNotSealedError
    position, line = found
    read = _Nodes(organization_id).read
    proof = prove_inclusion(position, sealed.head.size, read)
    return {"line": line, "position": position} | _proved(proof, sealed)


def prove_growth(organization_id: UUID, old: str, verifier: Verifier) -> dict[str, Any]:
    """Return the proof that the record of an older checkpoint begins the one of now.

    Args:
        verifier: The key that signed the older one.

    Raises:
        CheckpointUnknownError: If it is no checkpoint of this record that we signed.
    """
    sealed = find_sealed(organization_id)
    try:
        checkpoint = Checkpoint.from_text(open_note(old, verifier))
    except NoteBrokenError:
        raise CheckpointUnknownError from None
    is_ours = checkpoint.origin == f"{verifier.name}/{organization_id}"
    if sealed is None or not is_ours or checkpoint.head.size > sealed.head.size:
        raise CheckpointUnknownError
    read = _Nodes(organization_id).read
    proof = prove_consistency(checkpoint.head.size, sealed.head.size, read)
    return _proved(proof, sealed)


def record_lines(organization_id: UUID, sealed: SealedRecord) -> Iterator[str]:
    """Yield each sealed line as it was hashed, then the checkpoint.

    For a line that is gone stands its hash, so that the others can still be checked.
    Some thousand are in memory at a time, each lot read in a scope of its own.
    """
    for start in range(0, sealed.head.size, _LINES_AT_ONCE):
        end = min(start + _LINES_AT_ONCE, sealed.head.size)
        with tenancy.scope(organization_id), connection.cursor() as cursor:
            cursor.execute(_LINES, [organization_id, start, end])
            lines = [
                f"{_hash_alone(hashed) if line is None else line}\n"
                for line, hashed in cursor.fetchall()
            ]
        yield "".join(lines)
    yield json.dumps({"checkpoint": sealed.note}, ensure_ascii=False) + "\n"


def _hash_alone(hashed: bytes) -> str:
    return json.dumps({"leaf": base64.b64encode(hashed).decode()})


def _proved(proof: Sequence[bytes], sealed: SealedRecord) -> dict[str, Any]:
    nodes = [base64.b64encode(node).decode() for node in proof]
    return {"proof": nodes, "checkpoint": sealed.note}


class _Nodes:
    """Reads subtrees of an organization's tree, some hundreds of hashes at most."""

    def __init__(self, organization_id: UUID) -> None:
        self._organization_id = organization_id

    def read(self, level: int, position: int) -> bytes:
        base = level - level % NODE_LEVELS
        width = 1 << (level - base)
        nodes = self._kept(base, position * width, width)
        while len(nodes) > 1:
            pairs = zip(nodes[::2], nodes[1::2], strict=True)
            nodes = [hash_node(left, right) for left, right in pairs]
        return nodes[0]

    def _kept(self, level: int, start: int, count: int) -> list[bytes]:
        of, end = self._organization_id, start + count
        with connection.cursor() as cursor:
            if level:
                cursor.execute(_NODES, [of, start, end, level])
            else:
                cursor.execute(_LEAVES, [of, start, end])
            return [bytes(node) for (node,) in cursor.fetchall()]


def _one(query: str, *ids: UUID) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, list(ids))
        return cursor.fetchone()
