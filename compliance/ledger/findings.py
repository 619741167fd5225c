"""What a look at the ledger can find, in words an operator can act on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID


class Wrong(StrEnum):
    """What was done to the record."""

    EDITED = "edited"
    DELETED = "deleted"
    REORDERED = "reordered"
    CUT = "cut"
    PARTITION = "partition_dropped"
    ADDED = "slipped_in"
    LEAF = "leaf_changed"
    CHECKPOINT = "checkpoint_changed"
    ANCHOR = "anchor_changed"
    STATE = "state_changed"
    GUARD = "guard_changed"
    UNSEALED = "not_sealed"
    UNANCHORED = "not_anchored"


# Nothing was changed: of what waits for too long, nothing can be said.
WAITING: Final = frozenset({Wrong.UNSEALED, Wrong.UNANCHORED})
# Each of these is about one line, and says so.
OF_A_LINE: Final = frozenset(
    {Wrong.EDITED, Wrong.DELETED, Wrong.REORDERED, Wrong.ADDED}
)


def words_of(kinds: Mapping[str, int]) -> str:
    """Return how many of which kind, on one line.

    Args:
        kinds: How many of each `Wrong`.
    """
    return ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it was sealed.

    Attributes:
        organization_id: None where a whole anchor, or no tree alone, is meant.
        position: Of the leaf in its organization's tree, from 0.
    """

    wrong: Wrong
    organization_id: UUID | None = None
    position: int | None = None
    row_id: UUID | None = None
    row_at: datetime | None = None
    words: str

    def __str__(self) -> str:
        """Return one line for a terminal."""
        where = [] if self.organization_id is None else [f"of {self.organization_id}"]
        if self.position is not None:
            where.append(f"row {self.position}")
        if self.row_id is not None:
            where.append(f"{self.row_id}")
        if self.row_at is not None:
            where.append(f"of {self.row_at:%Y-%m-%d %H:%M:%S} UTC")
        return f"{self.wrong.value}: {' '.join(where)}: {self.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was looked at, and what was found.

    Attributes:
        rows: Sealed rows that were compared with what they say now.
        anchored: How many of them are anchored outside the database.
        sizes: How many rows each organization's tree has.
        unsealed: Rows too new to be sealed, of which nothing can be said.
    """

    rows: int
    anchored: int
    anchors: int
    sizes: Mapping[UUID, int]
    unsealed: int
    findings: tuple[Finding, ...]

    @property
    def organizations(self) -> int:
        """How many trees were looked at."""
        return len(self.sizes)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.findings
