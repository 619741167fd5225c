"""What buckets hold: counted at a backup, compared with the database at a restore.

Objects in a bucket are not copied: another version of them, or a copy in another
place, is the bucket's own matter. A bucket that does not answer holds nothing up; it is
said of it that it did not.
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Final
from uuid import UUID

from sondervoice.kernel.errors import VendorError
from sondervoice.kernel.stored_objects import (
    Expected,
    Listed,
    ObjectKeeper,
    keepers,
)

logger = logging.getLogger(__name__)

# A thousand names a request, each a fraction of a second: some millions of objects.
AT_MOST_S: Final = 900.0
_SHOWN: Final = 100
_SILENT: Final = "the bucket did not answer"
_UNNAMED: Final = "the settings do not name it"
_SLOW: Final = "it did not list all in time"


class _TooSlowError(Exception):
    """A storage answers, but not in the time there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a bucket held.

    Attributes:
        sha256: Of the names and sizes in their order, a line each.
        why: Why it was not counted; empty if it was.
    """

    count: int = 0
    size_bytes: int = 0
    sha256: str = ""
    why: str = ""

    def __str__(self) -> str:
        """Return it for a terminal."""
        if self.why:
            return f"not counted: {self.why}"
        return f"{self.count} recordings, which are counted and not copied"


@dataclass(slots=True, kw_only=True)
class Compared:
    """What a place holds beside what the database says.

    Attributes:
        expected: How many recordings the database says are there.
        missing: The calls whose recording is not there, or not of its size.
        unknown: How many objects are there that no row names.
        why: Why it was not compared; empty if it was.
    """

    place: str
    expected: int = 0
    missing: list[UUID] = field(default_factory=list)
    unknown: int = 0
    why: str = ""

    @property
    def is_well(self) -> bool:
        """Whether all is there that should be."""
        return not (self.missing or self.why)

    @property
    def summary(self) -> str:
        """Return it in one line."""
        if self.why:
            return f"{self.place}: not compared: {self.why}"
        return (
            f"{self.place}: {self.expected} recordings should be there, missing: "
            f"{len(self.missing)}; objects without a row: {self.unknown}"
        )

    def __str__(self) -> str:
        """Return it for a terminal, with the calls."""
        lines = [f"\n  missing: {one}" for one in self.missing[:_SHOWN]]
        more = len(self.missing) - len(lines)
        return self.summary + "".join(lines) + (f"\n  and {more} more" if more else "")


def count_buckets() -> dict[str, Counted]:
    """Count what each bucket that the settings name holds, by its place."""
    return {
        place: _count(keeper, place)
        for keeper in keepers()
        for place in keeper.buckets()
    }


def compare_places() -> list[Compared]:
    """Compare what rows say with what is there, place by place; outside any scope.

    Places without a recording, and of which none should be there, are passed over.
    """
    found = [
        _compare(keeper, place) for keeper in keepers() for place in keeper.places()
    ]
    return [one for one in found if one.why or one.expected or one.unknown]


def _count(keeper: ObjectKeeper, place: str) -> Counted:
    count = size = 0
    summed = hashlib.sha256()
    try:
        for one in _in_time(keeper.listed(place)):
            count += 1
            size += one.size_bytes
            summed.update(f"{one.name} {one.size_bytes}\n".encode())
    except (VendorError, OSError, LookupError, _TooSlowError) as error:
        return Counted(why=_why(place, error))
    return Counted(count=count, size_bytes=size, sha256=summed.hexdigest())


def _compare(keeper: ObjectKeeper, place: str) -> Compared:
    found = Compared(place=place)
    try:
        _merge(keeper.expected(place), _in_time(keeper.listed(place)), found)
    except (VendorError, OSError, LookupError, _TooSlowError) as error:
        return Compared(place=place, why=_why(place, error))
    return found


def _merge(
    expected: Iterator[Expected], listed: Iterator[Listed], found: Compared
) -> None:
    """Go through both in the order of their names, holding one of each."""
    there = next(listed, None)
    for one in expected:
        found.expected += 1
        while there is not None and there.name < one.name:
            found.unknown += 1
            there = next(listed, None)
        if there is None or there.name != one.name:
            found.missing.append(one.id)
            continue
        if there.size_bytes != one.size_bytes:
            found.missing.append(one.id)
        there = next(listed, None)
    found.unknown += (there is not None) + sum(1 for _ in listed)


def _in_time(listed: Iterator[Listed]) -> Iterator[Listed]:
    until_s = monotonic() + AT_MOST_S
    for one in listed:
        if monotonic() > until_s:
            raise _TooSlowError
        yield one


def _why(place: str, error: Exception) -> str:
    logger.critical(
        "a bucket was not looked at",
        extra={"of": place, "code": getattr(error, "category", type(error).__name__)},
    )
    if isinstance(error, LookupError):
        return _UNNAMED
    return _SLOW if isinstance(error, _TooSlowError) else _SILENT
