"""Bring a restored ledger up to the anchors that were written after its backup.

What was anchored was said to others: in letters, in copies. A record that went on from
the backup would grow into another tree than they hold. So the leaves and checkpoints of
the anchors are taken over, and the record goes on behind them; rows that the backup
does not have are lost, and their leaves say that they were.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from compliance.ledger.anchors import AnchorStore, Leaf, Part, parts_of
from compliance.ledger.notes import Checkpoint, text_of
from compliance.ledger.sealer import as_sealer
from compliance.ledger.services.anchor_checkpoints import note_anchor
from compliance.ledger.services.seal_rows import NODE_LEVELS
from compliance.ledger.tree import Frontier, Head

_NEWEST: Final = """
SELECT DISTINCT ON (organization_id) organization_id, size, peaks
  FROM ledger_checkpoints ORDER BY organization_id, size DESC"""
_ADD_LEAF: Final = """
INSERT INTO ledger_leaves (organization_id, position, row_id, row_at, hash)
VALUES (%s, %s, %s, %s, %s)"""
_ADD_NODE: Final = """
INSERT INTO ledger_nodes (organization_id, level, position, hash)
VALUES (%s, %s, %s, %s)"""
_ADD_CHECKPOINT: Final = """
INSERT INTO ledger_checkpoints (organization_id, size, root, peaks, sealed_at, note)
VALUES (%s, %s, %s, %s, %s, %s)"""
_IS_NOTED: Final = """
SELECT note = %s FROM ledger_checkpoints WHERE organization_id = %s AND size = %s"""
_KEPT: Final = """
SELECT position FROM ledger_leaves l WHERE organization_id = %s AND position >= %s
   AND EXISTS (SELECT FROM audit_logs WHERE id = l.row_id) ORDER BY position"""


class AnchorsDifferError(Exception):
    """An anchor says something else than the database: they are not of one record."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What was taken over.

    Attributes:
        last_anchor: The newest one, whether the database knew it or not.
        lost: For each organization the positions that were added: the first, and the
            one behind the last.
        rows: How many rows of them the database does not have.
        kept: For each organization the positions of those that it does have: they
            waited to be sealed when the backup was made.
    """

    last_anchor: int
    lost: dict[UUID, tuple[int, int]]
    rows: int
    kept: dict[UUID, list[int]]


@dataclass(slots=True)
class _Follower:
    cursor: Any
    frontiers: dict[UUID, Frontier] = field(default_factory=dict)
    lost: dict[UUID, tuple[int, int]] = field(default_factory=dict)

    def follow(self, part: Part) -> None:
        frontier = self.frontiers.setdefault(part.organization_id, Frontier())
        if part.start > frontier.size:
            raise AnchorsDifferError("an anchor begins behind the end of a record")
        fresh = part.leaves[frontier.size - part.start :]
        self._add(part.organization_id, frontier, fresh)
        if part.note:
            self._keep(part, frontier)

    def _add(self, of: UUID, frontier: Frontier, fresh: Iterable[Leaf]) -> None:
        first = frontier.size
        leaves, nodes = [], []
        for leaf in fresh:
            leaves.append((of, frontier.size, leaf.row_id, leaf.row_at, leaf.hash))
            made = frontier.append(leaf.hash)
            nodes += [(of, *node) for node in made if node[0] % NODE_LEVELS == 0]
        self.cursor.executemany(_ADD_LEAF, leaves)
        self.cursor.executemany(_ADD_NODE, nodes)
        if leaves:
            start, _ = self.lost.get(of, (first, first))
            self.lost[of] = (start, frontier.size)

    def _keep(self, part: Part, frontier: Frontier) -> None:
        of, said = part.organization_id, Checkpoint.from_text(text_of(part.note))
        if said.head.size < frontier.size or of not in self.lost:
            # The database had sealed as much, or more: it must have signed this too.
            self.cursor.execute(_IS_NOTED, [part.note, of, said.head.size])
            if self.cursor.fetchone() != (True,):
                raise AnchorsDifferError("an anchor's checkpoint is another one")
            return
        if said.head != Head(frontier.size, frontier.root):
            raise AnchorsDifferError("an anchor is not what its checkpoint signs")
        row = [of, said.head.size, said.head.root, frontier.peaks]
        self.cursor.execute(_ADD_CHECKPOINT, [*row, said.sealed_at, part.note])


def follow_anchors(
    *, store: AnchorStore, now: datetime, tell: Callable[[Followed], None]
) -> Followed:
    """Take over all anchors that the database does not know; twice is harmless.

    All of it is one transaction of the role `sv_sealer`.

    Args:
        tell: Called before that is committed, so that what is lost is said even by a
            process that dies then.

    Raises:
        AnchorBrokenError: If an anchor is missing or is not one of ours.
        AnchorsDifferError: If an anchor does not go on from this database.
    """
    with as_sealer() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) FROM ledger_anchors")
        (known,) = cursor.fetchone()
        follower = _Follower(cursor)
        cursor.execute(_NEWEST)
        for of, size, peaks in cursor.fetchall():
            follower.frontiers[of] = Frontier(size, [bytes(peak) for peak in peaks])
        last = store.count()
        for number in range(known + 1, last + 1):
            parts = list(parts_of(store, number))
            for part in parts:
                follower.follow(part)
            note_anchor(cursor, number, store.read(number), parts, now)
        followed = _followed(follower, max(last, known))
        tell(followed)
    return followed


def _followed(follower: _Follower, last_anchor: int) -> Followed:
    kept: dict[UUID, list[int]] = {}
    rows = 0
    for of, (first, behind) in follower.lost.items():
        follower.cursor.execute(_KEPT, [of, first])
        positions = [position for (position,) in follower.cursor.fetchall()]
        rows += behind - first - len(positions)
        if positions:
            kept[of] = positions
    return Followed(last_anchor, follower.lost, rows, kept)
