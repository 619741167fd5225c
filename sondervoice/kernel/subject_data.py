"""What each app can hand out of a clinic's data: of one caller, or all of it.

Each app registers its holders in `ready()`; `compliance` asks them when a person wants
a copy, when a name is to be corrected, or when a clinic takes its own data along. It
never learns what a call is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from sondervoice.kernel.personal_data import Everything, OfCaller

Wanted = OfCaller | Everything


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectFile:
    """A file that belongs to an item, read when it is sent.

    Attributes:
        name: With its ending: ``2026-11-20 0942.wav``.
        pieces: Opens it; outside any scope.
    """

    name: str
    pieces: Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectItem:
    """One thing, opened.

    Attributes:
        title: What it is, for a reader: ``Call of 20 November 2026, 09:42``.
        values: What JSON can hold, by the names in the holder's `schema`.
    """

    id: UUID
    title: str
    values: Mapping[str, Any]
    files: tuple[SubjectFile, ...] = ()


class SubjectHolder(Protocol):
    """One kind of thing that can be handed out.

    Attributes:
        name: Plural; names the list in the package and the file of an export.
        title: The same for a reader.
        schema: JSON Schema of each value.
        processors: Firms beside us that take part in keeping it, for a reader.
        is_of_callers: Some of it is a caller's; else it is the clinic's own alone.
    """

    name: str
    title: str
    is_of_callers: bool
    schema: Mapping[str, Mapping[str, Any]]
    processors: tuple[str, ...]

    def count(self, wanted: Wanted) -> int:
        """Return how many there are, in the open scope."""

    def export(self, wanted: Wanted, *, organization_id: UUID) -> Iterator[SubjectItem]:
        """Yield them in the order they came, none of them within an open scope.

        What stands in an item but is somebody else's is left out for `OfCaller`.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name that was taken down and may be wrong.

    Attributes:
        keeper: Name of its keeper.
        label: Where it stands, for a reader.
    """

    keeper: str
    id: UUID
    label: str
    text: str


class NameKeeper(Protocol):
    """Where a caller's name stands and can be corrected; asked in the open scope.

    Attributes:
        name: Dotted and stable.
    """

    name: str

    def list_names(self, wanted: OfCaller) -> Sequence[Name]:
        """Return the names, newest first."""

    def correct(
        self, item_id: UUID, *, wanted: OfCaller, text: str, now: datetime
    ) -> bool:
        """Write another name; return False if there is none of theirs with this id."""


_holders: Final[dict[str, SubjectHolder]] = {}
_keepers: Final[dict[str, NameKeeper]] = {}


def register_subject_holder(holder: SubjectHolder) -> None:
    """Have `holder` asked from now on."""
    _holders[holder.name] = holder


def subject_holders() -> tuple[SubjectHolder, ...]:
    """Return all holders, by name."""
    return tuple(_holders[name] for name in sorted(_holders))


def register_name_keeper(keeper: NameKeeper) -> None:
    """Have `keeper` asked from now on."""
    _keepers[keeper.name] = keeper


def name_keepers() -> tuple[NameKeeper, ...]:
    """Return all keepers of names, by name."""
    return tuple(_keepers[name] for name in sorted(_keepers))
