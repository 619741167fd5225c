"""Tells from one person's events, and what was told of them before, what to tell now.

Told twice with the same events it says nothing new: the clock may look again at rows
that it has seen. No database, no clock.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from compliance.alerts.rules import WINDOW, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The alert that was raised last, by this rule and of this person.

    Attributes:
        is_open: Nobody has looked at it yet.
    """

    first_at: datetime
    last_at: datetime
    count: int
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is to be told.

    Attributes:
        goes_on: It is the alert that is open already, which has grown.
    """

    first_at: datetime
    last_at: datetime
    count: int
    goes_on: bool


def judge(
    events: Iterable[Event], *, least: int, told: Told | None
) -> Iterator[Finding]:
    """Yield what is new, the oldest first.

    An open alert takes in whatever follows it within an hour. After one that somebody
    has looked at, counting starts anew.

    Args:
        events: Of one rule and one person, in any order.
        least: From how many within an hour on it is told.
        told: What was raised last.
    """
    new = sorted(one for one in events if told is None or one.at > told.last_at)
    for run in _runs(new):
        if told is not None and told.is_open and run[0].at - told.last_at <= WINDOW:
            finding = Finding(
                first_at=told.first_at,
                last_at=run[-1].at,
                count=told.count + _sum(run),
                goes_on=True,
            )
        else:
            found = _from_breach(run, least)
            if not found:
                continue
            finding = Finding(
                first_at=found[0].at,
                last_at=found[-1].at,
                count=_sum(found),
                goes_on=False,
            )
        yield finding
        told = Told(
            first_at=finding.first_at,
            last_at=finding.last_at,
            count=finding.count,
            is_open=True,
        )


def _runs(events: list[Event]) -> Iterator[list[Event]]:
    """Yield stretches in which no hour is without an event."""
    run: list[Event] = []
    for event in events:
        if run and event.at - run[-1].at > WINDOW:
            yield run
            run = []
        run.append(event)
    if run:
        yield run


def _from_breach(run: list[Event], least: int) -> list[Event]:
    """Return the run from the first hour on that holds enough; nothing if none does."""
    start, held = 0, 0
    for event in run:
        held += event.weight
        while event.at - run[start].at > WINDOW:
            held -= run[start].weight
            start += 1
        if held >= least:
            return run[start:]
    return []


def _sum(events: Iterable[Event]) -> int:
    return sum(event.weight for event in events)
