"""The registry of what the product keeps about callers, and who can make it go away.

Each app registers its holders in `ready()`; `compliance` asks and erases through them
and never learns what a call is. A field of a clinic's row belongs to one holder, or its
app says why none is needed (`state_without_holder`), or, of other people's data, why
they are held (`sondervoice.kernel.purposes.state_held`); a test walks all fields.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar, runtime_checkable
from uuid import UUID

from sondervoice.kernel.purposes import Use


class DataClass(StrEnum):
    """The kinds that have a clock of their own.

    `FIELDS` is what was taken down from the call: name, message, booking. `METADATA` is
    what the call's own row says of the caller: the number and what it is found by.
    """

    AUDIO = "audio"
    TRANSCRIPT = "transcript"
    FIELDS = "fields"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What a legal hold covers; with nothing set, everything.

    Attributes:
        call_id: One call.
        caller_index: Blind index of a number; all calls from it, or with it left in a
            message.
        since: Calls that began then or later.
        until: Calls that began before then.
    """

    call_id: UUID | None = None
    caller_index: bytes | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimeUp:
    """Selects what the clocks say must be gone at an instant."""

    before: datetime


@dataclass(frozen=True, slots=True)
class LeftBin:
    """Selects one deleted thing, and no other, once it cannot come back.

    Attributes:
        row_id: The thing's own: a call with all that it left, or what has a bin itself.
        before: When its time to come back must have been over.
    """

    row_id: UUID
    before: datetime


@dataclass(frozen=True, slots=True)
class OfCaller:
    """Selects all that began with one number before an instant, whatever its clocks.

    Attributes:
        index: Blind index of the number in the open clinic.
        before: When it was decided; what comes later was said by somebody who knew.
    """

    index: bytes
    before: datetime


@dataclass(frozen=True, slots=True)
class OfCall:
    """Selects all that one call left."""

    call_id: UUID


@dataclass(frozen=True, slots=True)
class Everything:
    """Selects all that a clinic has."""


Selection = TimeUp | LeftBin | OfCaller | OfCall | Everything


class PersonalDataHolder(Protocol):
    """One kind of personal data that one app keeps.

    All but `destroy` and `remains` are asked in the open scope of one clinic.

    Attributes:
        name: Dotted and stable, as runs keep it: ``recordings.audio``.
        data_class: Whose clock it goes by.
        columns: The fields it erases: ``telephony.Call.caller_sealed``.
        use: Why they are held.
    """

    name: str
    data_class: DataClass
    columns: frozenset[str]
    use: Use

    def due(
        self, selection: Selection, *, holds: Sequence[Hold], limit: int
    ) -> Sequence[UUID]:
        """Return at most `limit` ids that are to go, oldest first, locked for us.

        Rows that another worker holds are passed over, and so is a call that goes on.
        """

    def has_due(self, selection: Selection, *, holds: Sequence[Hold]) -> bool:
        """Return whether anything is left to go, whoever holds its rows."""

    def count_due(self, selection: Selection, *, limit: int) -> int:
        """Return how many rows with anything are to go, held back or not.

        At most `limit`; rows that another worker holds count, too.
        """

    def erase(self, ids: Sequence[UUID], *, now: datetime) -> int:
        """Erase these rows in the open transaction; return how many had anything."""

    def destroy(self, ids: Sequence[UUID], *, organization_id: UUID) -> None:
        """Destroy what no transaction holds: files and keys. Twice is harmless.

        It is called outside any scope once `erase` is committed, and again until
        `remains` is empty.
        """

    def remains(
        self, ids: Sequence[UUID], *, organization_id: UUID
    ) -> Collection[UUID]:
        """Return those of `ids` that can still be read anywhere; outside any scope."""

    def shorten(self, *, days: int, limit: int) -> int:
        """Bring forward at most `limit` dates that are later than `days` allow.

        Returns:
            How many were; fewer than `limit` means that none is left.
        """

    def count_going(self, *, days: int, before: datetime, holds: Sequence[Hold]) -> int:
        """Return how many would be erased at `before` if `days` were kept from now."""


Holder = TypeVar("Holder", bound=PersonalDataHolder)


class SharedRows(Protocol[Holder]):
    """Rows of which several holders erase a kind each, by clocks of their own.

    Kinds of a row that are due at once go together: the row is read, written and looked
    at once for all of them. Its holders name the same copies.
    """

    def due(
        self,
        holders: Sequence[Holder],
        selection: Selection,
        *,
        holds: Sequence[Hold],
        limit: int,
    ) -> Mapping[tuple[Holder, ...], Sequence[UUID]]:
        """Return at most `limit` ids that are to lose what the first of `holders` has.

        They are locked for us, oldest first, by all of `holders` whose kind is due.
        """

    def erase(
        self, holders: Sequence[Holder], ids: Sequence[UUID], *, now: datetime
    ) -> Mapping[str, int]:
        """Erase these kinds of these rows in the open transaction.

        Returns:
            How many had anything, by the holder's name.
        """

    def destroy(
        self, holders: Sequence[Holder], ids: Sequence[UUID], *, organization_id: UUID
    ) -> None:
        """Destroy what no transaction holds, as each holder does."""

    def remains(
        self, holders: Sequence[Holder], ids: Sequence[UUID], *, organization_id: UUID
    ) -> Collection[UUID]:
        """Return those of which any of these kinds can still be read anywhere."""


@runtime_checkable
class SharesRows(Protocol):
    """A holder of one kind of rows that others hold, too.

    Attributes:
        rows: One object for all holders of these rows.
    """

    rows: SharedRows[Any]


@runtime_checkable
class CountsKeys(Protocol):
    """A holder whose rows have keys of their own, destroyed with the last of them."""

    def count_keys_gone(self, *, erased_at: Collection[datetime]) -> int:
        """Return how many keys went with batches of these instants; in the open scope.

        A key of several kinds of data counts with the kind that went last.
        """


_holders: dict[str, PersonalDataHolder] = {}
_without_holder: dict[str, str] = {}


def register_holder(holder: PersonalDataHolder) -> None:
    """Have `holder` asked from now on; its name is given once."""
    _holders[holder.name] = holder


def holders() -> tuple[PersonalDataHolder, ...]:
    """Return all holders by class, then by name.

    What the rest is found by, the number, is of the last class.
    """
    order = {kind: place for place, kind in enumerate(DATA_CLASSES)}
    found = sorted(_holders.values(), key=lambda one: (order[one.data_class], one.name))
    return tuple(found)


def holder_named(name: str) -> PersonalDataHolder:
    """Return the holder of that name.

    Raises:
        KeyError: If there is none.
    """
    return _holders[name]


def state_without_holder(reasons: Mapping[str, str]) -> None:
    """Say why fields have no holder, each by its name: ``telephony.Call.status``."""
    _without_holder.update(reasons)


def without_holder() -> Mapping[str, str]:
    """Return all fields that have none, with the reason."""
    return _without_holder


DATA_CLASSES: Final = tuple(DataClass)
