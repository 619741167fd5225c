"""Compare the record with what was sealed and anchored, and name what differs.

Anchors are outside the database, so what they say is believed; then the signed
checkpoints, whose key is outside too; the rows and leaves last.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from compliance.ledger.anchors import (
    AnchorBrokenError,
    AnchorStore,
    Leaf,
    Part,
    parts_of,
)
from compliance.ledger.findings import Finding, Verdict, Wrong
from compliance.ledger.guards import find_strangers
from compliance.ledger.notes import (
    Checkpoint,
    NoteBrokenError,
    Verifier,
    note_hash,
    open_note,
)
from compliance.ledger.restores import Lost
from compliance.ledger.row_body import ROW_BODY
from compliance.ledger.sealer import as_sealer
from compliance.ledger.tables import (
    count_unsealed,
    find_false_anchored,
    find_forgotten_anchors,
    find_late,
    find_slipped_in,
    find_state_gone,
    find_stray_leaves,
)
from compliance.ledger.tree import Frontier, Head

LEAVES_AT_ONCE: Final = 5_000
_ROWS: Final = f"""
SELECT id, at, sha256('\\x00'::bytea || {ROW_BODY}) FROM audit_logs
 WHERE id = ANY(%s) ORDER BY id, at"""  # noqa: S608 -- a constant of ours
_LEAVES: Final = """
SELECT position, row_id, row_at, hash FROM ledger_leaves
 WHERE organization_id = %s AND position >= %s AND position < %s ORDER BY position"""
_MONTHS: Final = """
SELECT inhrelid::regclass::text FROM pg_inherits
 WHERE inhparent = 'audit_logs'::regclass"""
# A month may go after six years, and only by the function that says so here.
_DROPPED: Final = """
SELECT 'audit_logs_' || to_char(month, 'YYYY_MM') FROM ledger_dropped
 WHERE month < now() AT TIME ZONE 'UTC' - interval '2192 days'"""


@dataclass(slots=True)
class _Look:
    """One look at the whole ledger."""

    cursor: Any
    verifiers: Sequence[Verifier]
    months: set[str]
    dropped: set[str]
    lost: Lost
    frontiers: dict[UUID, Frontier] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    # Rows that were named already, by id and by the time they say now.
    named: set[tuple[UUID, datetime]] = field(default_factory=set)
    # How many rows of each tree were signed for, and the first time behind the anchors.
    sizes: dict[UUID, int] = field(default_factory=dict)
    unanchored: dict[UUID, datetime] = field(default_factory=dict)
    rows: int = 0
    anchored: int = 0

    def find(self, wrong: Wrong, words: str, **where: Any) -> None:
        self.findings.append(Finding(wrong=wrong, words=words, **where))


def verify_ledger(
    *,
    store: AnchorStore,
    verifiers: Sequence[Verifier],
    lost: Lost | None = None,
    now: datetime | None = None,
) -> Verdict:
    """Look at every sealed row and say what is not as it was sealed.

    Reads only, in one snapshot. Memory grows with the checkpoints, not with the rows.

    Args:
        verifiers: The public keys that may have signed.
        lost: What restores of the database lost; nothing of it is a finding.
        now: The instant of the look; None where nobody seals and anchors, as in a
            database that was brought back, so that nothing is late.
    """
    # Before the snapshot, which then has all that these anchors stand on.
    standing = store.count()
    with as_sealer() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        months, dropped = _names(cursor, _MONTHS), _names(cursor, _DROPPED)
        look = _Look(cursor, verifiers, months, dropped, lost or Lost())
        anchors = _look_at_anchors(look, store, standing)
        look.anchored = look.rows
        anchored = {of: tree.size for of, tree in look.frontiers.items()}
        _look_at_the_rest(look)
        _look_at_checkpoints(look)
        unsealed = _look_at_tables(look, anchors, anchored, now)
    return Verdict(
        rows=look.rows,
        anchored=look.anchored,
        anchors=anchors,
        sizes={of: tree.size for of, tree in look.frontiers.items()},
        unsealed=unsealed,
        findings=tuple(_told_once(look)),
    )


def _names(cursor: Any, query: str) -> set[str]:
    cursor.execute(query)
    return {name for (name,) in cursor.fetchall()}


def _look_at_anchors(look: _Look, store: AnchorStore, standing: int) -> int:
    """Compare the database with each anchor, the oldest first."""
    look.cursor.execute("SELECT coalesce(max(number), 0) FROM ledger_anchors")
    count = max(standing, int(look.cursor.fetchone()[0]))
    for number in range(1, count + 1):
        try:
            for part in parts_of(store, number):
                _look_at_part(look, part, number)
        except AnchorBrokenError as error:
            look.find(Wrong.ANCHOR, str(error))
    return count


def _look_at_part(look: _Look, part: Part, number: int) -> None:
    frontier = look.frontiers.setdefault(part.organization_id, Frontier())
    if part.start != frontier.size:
        words = f"anchor {number} begins at row {part.start}, not {frontier.size}"
        look.find(Wrong.ANCHOR, words, organization_id=part.organization_id)
        return
    for start in range(0, len(part.leaves), LEAVES_AT_ONCE):
        leaves = part.leaves[start : start + LEAVES_AT_ONCE]
        _compare(look, part.organization_id, part.start + start, leaves)
    for leaf in part.leaves:
        frontier.append(leaf.hash)
    if part.note and _head(look, part.note) != Head(frontier.size, frontier.root):
        words = f"anchor {number} is not what its checkpoint signs"
        look.find(Wrong.ANCHOR, words, organization_id=part.organization_id)


def _compare(look: _Look, of: UUID, start: int, believed: Sequence[Leaf]) -> None:
    """Compare rows and leaves of the database with leaves that are believed."""
    look.rows += len(believed)
    look.cursor.execute(_LEAVES, [of, start, start + len(believed)])
    kept = {
        position: Leaf(row_id, row_at, bytes(leaf))
        for position, row_id, row_at, leaf in look.cursor.fetchall()
    }
    _compare_leaves(look, of, start, believed, kept)
    _compare_rows(look, of, start, believed)


def _compare_leaves(
    look: _Look, of: UUID, start: int, believed: Sequence[Leaf], kept: dict[int, Leaf]
) -> None:
    elsewhere = {leaf.row_id for leaf in kept.values()}
    for position, leaf in enumerate(believed, start):
        found = kept.get(position)
        if found == leaf:
            continue
        where = {"organization_id": of, "position": position, "row_id": leaf.row_id}
        if found is None:
            look.find(Wrong.CUT, "its leaf is gone", row_at=leaf.row_at, **where)
        elif found.row_id != leaf.row_id and leaf.row_id in elsewhere:
            words = f"{found.row_id} stands in its place"
            look.find(Wrong.REORDERED, words, row_at=leaf.row_at, **where)
        else:
            look.find(Wrong.LEAF, "its leaf was changed", row_at=leaf.row_at, **where)


def _compare_rows(look: _Look, of: UUID, start: int, believed: Sequence[Leaf]) -> None:
    look.cursor.execute(_ROWS, [[leaf.row_id for leaf in believed]])
    said: dict[UUID, dict[datetime, bytes]] = {}
    for row_id, at, hashed in look.cursor.fetchall():
        said.setdefault(row_id, {})[at] = bytes(hashed)
    for position, leaf in enumerate(believed, start):
        of_id = said.get(leaf.row_id, {})
        # Without a row of its time it is that one whose time was changed.
        at = leaf.row_at if leaf.row_at in of_id else min(of_id, default=None)
        now = None if at is None else of_id[at]
        if now == leaf.hash:
            continue
        if at is not None:
            look.named.add((leaf.row_id, at))
        month = f"audit_logs_{leaf.row_at:%Y_%m}"
        if now is None and (month in look.dropped or look.lost.has_row(of, position)):
            continue
        wrong, words = Wrong.EDITED, "the row says something else than was sealed"
        if now is None and month not in look.months:
            wrong, words = Wrong.PARTITION, f"{month} is gone"
        elif now is None:
            wrong, words = Wrong.DELETED, "the row is gone"
        look.find(
            wrong,
            words,
            organization_id=of,
            position=position,
            row_id=leaf.row_id,
            row_at=leaf.row_at,
        )


def _look_at_the_rest(look: _Look) -> None:
    """Compare what is sealed and not anchored yet with its signed checkpoints."""
    look.cursor.execute(
        "SELECT organization_id, size, note FROM ledger_checkpoints "
        "ORDER BY organization_id, size"
    )
    broken: set[UUID] = set()
    for of, size, note in look.cursor.fetchall():
        frontier = look.frontiers.setdefault(of, Frontier())
        if size <= frontier.size or of in broken:
            continue
        start = frontier.size
        for leaves in _kept_leaves(look, of, start, size):
            _compare_rows(look, of, frontier.size, leaves)
            look.rows += len(leaves)
            for leaf in leaves:
                frontier.append(leaf.hash)
        said = _opened(look, note)
        if said is not None:
            look.unanchored.setdefault(of, said.sealed_at)
        if said is None or said.head != Head(frontier.size, frontier.root):
            words = f"rows {start} to {size - 1} are not what was signed for them"
            look.find(Wrong.LEAF, words, organization_id=of)
            broken.add(of)


def _kept_leaves(
    look: _Look, of: UUID, start: int, end: int
) -> Iterator[Sequence[Leaf]]:
    for first in range(start, end, LEAVES_AT_ONCE):
        last = min(first + LEAVES_AT_ONCE, end)
        look.cursor.execute(_LEAVES, [of, first, last])
        yield [Leaf(i, at, bytes(leaf)) for _, i, at, leaf in look.cursor.fetchall()]


def _look_at_checkpoints(look: _Look) -> None:
    """See that each checkpoint is signed, follows the one before, and none is gone."""
    look.cursor.execute(
        "SELECT organization_id, size, root, note FROM ledger_checkpoints "
        "ORDER BY organization_id, size"
    )
    sizes = look.sizes
    before: dict[UUID, str] = {}
    for of, size, root, note in look.cursor.fetchall():
        found = _opened(look, note)
        is_ours = found is not None and found.head == Head(size, bytes(root))
        follows = found is not None and found.previous == before.get(of, "")
        if not is_ours or not (follows or look.lost.has_gap(of, size)):
            words = f"the checkpoint of {size} rows, or the one before, was changed"
            look.find(Wrong.CHECKPOINT, words, organization_id=of)
        sizes[of], before[of] = size, note_hash(note)
    for of, frontier in look.frontiers.items():
        if sizes.get(of, 0) < frontier.size:
            words = f"the checkpoint of {frontier.size} rows is gone"
            look.find(Wrong.CHECKPOINT, words, organization_id=of)
            sizes[of] = frontier.size


def _look_at_tables(
    look: _Look, anchors: int, anchored: dict[UUID, int], now: datetime | None
) -> int:
    """Hold the database to what is believed; return how many rows are unsealed."""
    cursor, unsealed = look.cursor, count_unsealed(look.cursor)
    are_whole = all(one.wrong is not Wrong.ANCHOR for one in look.findings)
    look.findings += find_stray_leaves(cursor, look.sizes)
    look.findings += find_slipped_in(cursor, look.sizes, look.named)
    look.findings += find_state_gone(cursor)
    look.findings += find_strangers(cursor)
    look.findings += find_forgotten_anchors(cursor, anchors)
    if are_whole:
        look.findings += find_false_anchored(cursor, anchored)
    if now is not None:
        unanchored = look.unanchored if are_whole else {}
        look.findings += find_late(unsealed, unanchored, now)
    return unsealed.rows


def _head(look: _Look, note: str) -> Head | None:
    found = _opened(look, note)
    return None if found is None else found.head


def _opened(look: _Look, note: str) -> Checkpoint | None:
    """Return what the note says, or None if none of our keys signed it."""
    for verifier in look.verifiers:
        try:
            return Checkpoint.from_text(open_note(note, verifier))
        except NoteBrokenError:
            continue
    return None


def _told_once(look: _Look) -> Iterable[Finding]:
    """Tell a lost partition once, with how many rows it had; the rest as they are."""
    lost: dict[str, list[Finding]] = {}
    for finding in look.findings:
        if finding.wrong is Wrong.PARTITION:
            lost.setdefault(finding.words, []).append(finding)
    for words, findings in lost.items():
        yield Finding(
            wrong=Wrong.PARTITION, words=f"{words} with {len(findings)} sealed rows"
        )
    yield from (one for one in look.findings if one.wrong is not Wrong.PARTITION)
