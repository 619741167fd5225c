"""What the address of the call list asks for, and the addresses that lead on from it.

Filters and dates live in the address alone: a page can be kept, sent and loaded again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import QueryDict

from telephony.periods import Period, between, named_period, read_day
from telephony.selectors.call_filter import FILTERS

PERIODS: Final = (
    ("today", "Today"),
    ("yesterday", "Yesterday"),
    ("week", "This week"),
    ("month", "This month"),
    ("all", "All"),
    ("dates", "Other dates"),
)
LANGUAGE: Final = "language"
RECEPTIONIST: Final = "receptionist"
_NARROWING: Final = (*FILTERS, LANGUAGE, RECEPTIONIST)
# Said by the other dates alone; each of the named periods drops them.
_DATES: Final = ("from", "to")
_PLACES: Final = ("older_than", "newer_than")


@dataclass(frozen=True, slots=True)
class Chip:
    """A period to choose."""

    href: str
    word: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of a filter."""

    word: str
    title: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """One filter with its choices."""

    name: str
    title: str
    choices: list[Choice]

    @property
    def chosen(self) -> str:
        """Return what is chosen, as it stands beside the title: ``Booked``, ``2``."""
        titles = [choice.title for choice in self.choices if choice.is_chosen]
        return titles[0] if len(titles) == 1 else str(len(titles) or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQuery:
    """The address, read.

    Attributes:
        when: The chosen period's word.
        words: What is searched for, empty for nothing.
    """

    asked: QueryDict
    when: str
    period: Period
    words: str

    @classmethod
    def read(cls, asked: QueryDict, *, now: datetime, zone: ZoneInfo) -> Self:
        """Return the query of an address; what makes no sense in it is passed over."""
        when, period = _period(asked, now, zone)
        words = asked.get("q", "").strip()[:100]
        return cls(asked=asked, when=when, period=period, words=words)

    def chosen(self, name: str) -> list[str]:
        """Return the chosen words of a filter."""
        return self.asked.getlist(name)

    @property
    def is_narrowed(self) -> bool:
        """Return whether anything but the period is chosen."""
        return bool(self.words) or any(self.chosen(name) for name in _NARROWING)

    def place(self, name: str) -> UUID | None:
        """Return the call that ``older_than`` or ``newer_than`` names, if any."""
        try:
            return UUID(self.asked.get(name, ""))
        except ValueError:
            return None

    def chips(self) -> list[Chip]:
        """Return the periods; each keeps the words and the filters."""
        return [
            Chip(self._address(when=name), word, name == self.when)
            for name, word in PERIODS
        ]

    def menu(self, name: str, choices: list[tuple[str, str]]) -> Menu:
        """Return a filter with these words and titles."""
        chosen = self.chosen(name)
        return Menu(
            name,
            name.capitalize(),
            [Choice(word, title, word in chosen) for word, title in choices],
        )

    def beside(self, *, newest: UUID, oldest: UUID) -> dict[str, str]:
        """Return the addresses of the pages before and after these calls."""
        return {
            "newer": self._address(newer_than=str(newest)),
            "older": self._address(older_than=str(oldest)),
        }

    def _address(self, **changes: str) -> str:
        """Return the query with changes, from the first page on."""
        query = self.asked.copy()
        for name in _PLACES if changes.get("when", "dates") == "dates" else _FRESH:
            query.pop(name, None)
        for name, value in changes.items():
            query[name] = value
        return f"?{query.urlencode()}"


_FRESH: Final = (*_PLACES, *_DATES)


def _period(asked: QueryDict, now: datetime, zone: ZoneInfo) -> tuple[str, Period]:
    when = asked.get("when", "week")
    if when == "dates":
        first, last = (read_day(asked.get(name, "")) for name in _DATES)
        return when, between(first, last, zone=zone)
    period = named_period(when, now=now, zone=zone)
    if period is not None:
        return when, period
    week = named_period("week", now=now, zone=zone)
    return "week", week or between(None, None, zone=zone)
