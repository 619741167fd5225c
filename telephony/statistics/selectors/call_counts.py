"""The published counts, as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections

from accounts.actors import Actor
from accounts.permissions import Permission
from telephony.statistics.measures import Measure

_ALIAS: Final = "statistics"
WEEKS_SHOWN: Final = 26
MONTHS_SHOWN: Final = 12
_GROUPS: Final = """
SELECT first_on, last_on, calls FROM statistics.call_counts
 WHERE measure = 'all' AND last_on > first_on ORDER BY first_on DESC LIMIT %s"""
_OF_GROUP: Final = """
SELECT measure::text, bucket::text, calls FROM statistics.call_counts
 WHERE first_on = %s AND last_on > first_on AND measure <> 'all'
 ORDER BY calls DESC, bucket"""
_DAYS: Final = """
SELECT first_on, calls FROM statistics.call_counts
 WHERE first_on BETWEEN %s AND %s AND last_on = first_on ORDER BY first_on"""
_ALL: Final = """
SELECT month, measure::text, bucket::text, calls FROM statistics.all_clinics
 WHERE month >= (date_trunc('month', %s::date) - make_interval(months => %s))::date
 ORDER BY month DESC, measure, calls DESC, bucket"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some weeks that are counted together: one, or as many as it took."""

    first_on: date
    last_on: date
    calls: int

    @property
    def weeks(self) -> int:
        """Return how many weeks it has."""
        return ((self.last_on - self.first_on).days + 1) // 7


@dataclass(frozen=True, slots=True)
class Cell:
    """One count: its words, and its part of all as a width for a bar."""

    words: str
    calls: int
    width: str


@dataclass(frozen=True, slots=True)
class Table:
    """One measure of a group; no cells where any would be too small."""

    title: str
    cells: Sequence[Cell]


def list_groups(*, actor: Actor) -> list[Group]:
    """Return the clinic's newest groups of weeks, newest first.

    Raises:
        PermissionMissingError: If the actor may not see the statistics.
    """
    actor.require(Permission.STATISTICS_VIEW)
    return [
        Group(first_on=first_on, last_on=last_on, calls=calls)
        for first_on, last_on, calls in _ask(_GROUPS, WEEKS_SHOWN)
    ]


def read_tables(group: Group) -> list[Table]:
    """Return a table of each measure of a group that `list_groups` has returned."""
    rows = list(_ask(_OF_GROUP, group.first_on))
    tables = [
        Table(
            TITLES[measure],
            [
                _cell(measure, word, n, group.calls)
                for of, word, n in rows
                if of == measure
            ],
        )
        for measure in Measure
    ]
    days = [
        Cell(f"{on:%A} {on.day} {on:%B}", calls, _width(calls, group.calls))
        for on, calls in _ask(_DAYS, group.first_on, group.last_on)
    ]
    return [Table("Day", days), *tables]


def read_all_clinics(*, today: date) -> list[tuple[date, str, str, int]]:
    """Return month, measure, bucket and calls of all clinics together, newest first.

    It is asked by the role that can read nothing else, where that is set.
    """
    return [
        (month, TITLES.get(measure, "All"), WORDS[bucket], calls)
        for month, measure, bucket, calls in _ask(
            _ALL, today, MONTHS_SHOWN - 1, alias=_all_clinics()
        )
    ]


def _cell(measure: str, bucket: str, calls: int, total: int) -> Cell:
    return Cell(WORDS[bucket], calls, _width(calls, total))


def _width(calls: int, total: int) -> str:
    return f"{100 * calls / total:.1f}%"


def _all_clinics() -> str:
    return _ALIAS if _ALIAS in connections.settings else DEFAULT_DB_ALIAS


def _ask(
    query: str, *values: int | date, alias: str = DEFAULT_DB_ALIAS
) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(query, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


TITLES: Final = {
    Measure.LANGUAGE: "Language",
    Measure.OUTCOME: "What came of it",
    Measure.HOURS: "Time of day",
    Measure.LENGTH: "Length",
    Measure.ENDING: "How it ended",
}
WORDS: Final = {
    "all": "All calls",
    "rest": "All others together",
    "other": "Another language",
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pl": "Polish",
    "tr": "Turkish",
    "booked": "Booked",
    "cancelled": "Cancelled",
    "message": "Message",
    "transferred": "Put through",
    "emergency": "Emergency",
    "info": "Answered",
    "hung_up": "Hung up",
    "missed": "Missed",
    "served": "Served in other ways",
    "lost": "Hung up or missed",
    "night": "Night, 0:00 to 6:00",
    "morning": "Morning, 6:00 to 12:00",
    "afternoon": "Afternoon, 12:00 to 18:00",
    "evening": "Evening, 18:00 to 24:00",
    "daytime": "Day, 6:00 to 18:00",
    "off_hours": "Evening and night",
    "unanswered": "Not answered",
    "short": "Under 1 minute",
    "middle": "1 to 5 minutes",
    "long": "5 minutes and more",
    "under_a_minute": "Not answered, or under 1 minute",
    "over_a_minute": "1 minute and more",
    "caller_hung_up": "The caller hung up",
    "agent_hung_up": "The receptionist hung up",
    "put_through": "Put through",
    "no_answer": "Nobody answered",
    "line_lost": "The line broke off",
    "too_long": "At the longest time a call may take",
    "carrier": "By the carrier",
}
