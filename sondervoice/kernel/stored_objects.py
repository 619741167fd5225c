"""The registry of who keeps objects in storages, so that they can be counted.

A database says which objects should be there, and a storage says which are; whoever
brings a database back compares them. `compliance` asks here and knows no recording.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID


class Listed(NamedTuple):
    """An object as its storage lists it."""

    name: str
    size_bytes: int


class Expected(NamedTuple):
    """An object as the database has it.

    Attributes:
        id: By which people speak of it: its call.
    """

    id: UUID
    name: str
    size_bytes: int


class ObjectKeeper(Protocol):
    """Keeps objects under names; both lists come in the order of the names' bytes."""

    def buckets(self) -> Sequence[str]:
        """Return the places that the settings name, but for this machine's files."""

    def places(self) -> Sequence[str]:
        """Return every place that settings or rows name; outside any scope."""

    def listed(self, place: str) -> Iterator[Listed]:
        """Yield what a storage holds.

        Raises:
            LookupError: If the settings do not name the place.
            OSError: If the storage does not answer.
            VendorError: If the storage does not answer.
        """

    def expected(self, place: str) -> Iterator[Expected]:
        """Yield what rows of all clinics say is there; outside any scope."""


_keepers: list[ObjectKeeper] = []


def register_keeper(keeper: ObjectKeeper) -> None:
    """Have `keeper` asked from now on."""
    _keepers.append(keeper)


def keepers() -> Sequence[ObjectKeeper]:
    """Return all that keep objects."""
    return _keepers
