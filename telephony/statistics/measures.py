"""What is counted of calls, and the ways to count it, finest first (pure).

Each measure sorts calls into classes of a fixed list. A way is a fixed grouping of
those classes; which of them is published depends on the counts, the groupings do not.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

Way = Mapping[str, tuple[str, ...]]
"""The classes in each bucket, by the bucket's word."""


class Measure(StrEnum):
    """What calls are sorted by."""

    LANGUAGE = "language"
    OUTCOME = "outcome"
    HOURS = "hours"
    LENGTH = "length"
    ENDING = "ending"


LANGUAGES: Final = ("en", "de", "fr", "es", "it", "pl", "tr")
_SERVED: Final = ("cancelled", "message", "transferred", "emergency", "info")
_LOST: Final = ("hung_up", "missed")
_OUTCOMES: Final = ("booked", *_SERVED, *_LOST)
_HOURS: Final = ("night", "morning", "afternoon", "evening")
_LENGTHS: Final = ("unanswered", "short", "middle", "long")
_ENDINGS: Final = (
    "caller_hung_up",
    "agent_hung_up",
    "put_through",
    "no_answer",
    "line_lost",
    "too_long",
    "carrier",
)
_ONE_MINUTE: Final = timedelta(minutes=1)
_FIVE_MINUTES: Final = timedelta(minutes=5)


def _way(classes: tuple[str, ...], **groups: tuple[str, ...]) -> Way:
    """Return the way in which `groups` stand together and all others alone."""
    grouped = {one for group in groups.values() for one in group}
    alone = {one: (one,) for one in classes if one not in grouped}
    return MappingProxyType(alone | groups)


def _language_ways() -> tuple[Way, ...]:
    every = (*LANGUAGES, "other")

    def but(*kept: str) -> Way:
        return _way(every, rest=tuple(one for one in every if one not in kept))

    pairs = [but("en", one) for one in LANGUAGES if one != "en"]
    return (_way(every), *pairs, *(but(one) for one in LANGUAGES))


WAYS: Final[Mapping[Measure, tuple[Way, ...]]] = MappingProxyType(
    {
        Measure.LANGUAGE: _language_ways(),
        Measure.OUTCOME: (
            _way(_OUTCOMES),
            _way(
                _OUTCOMES,
                served=("cancelled", "transferred", "emergency"),
                lost=_LOST,
            ),
            _way(_OUTCOMES, served=_SERVED, lost=_LOST),
            _way(_OUTCOMES, served=("booked", *_SERVED), lost=_LOST),
            _way(_OUTCOMES, rest=(*_SERVED, *_LOST)),
        ),
        Measure.HOURS: (
            _way(_HOURS),
            _way(_HOURS, off_hours=("night", "evening")),
            _way(
                _HOURS, daytime=("morning", "afternoon"), off_hours=("night", "evening")
            ),
        ),
        Measure.LENGTH: (
            _way(_LENGTHS),
            _way(_LENGTHS, over_a_minute=("middle", "long")),
            _way(
                _LENGTHS,
                under_a_minute=("unanswered", "short"),
                over_a_minute=("middle", "long"),
            ),
        ),
        Measure.ENDING: (
            _way(_ENDINGS),
            _way(_ENDINGS, rest=_ENDINGS[2:]),
            _way(_ENDINGS, rest=_ENDINGS[1:]),
        ),
    }
)


def language_class(tag: str) -> str:
    """Return the class of a language tag: ``de`` of ``de-AT``."""
    head = tag.partition("-")[0]
    return head if head in LANGUAGES else "other"


def outcome_class(outcome: str, *, is_answered: bool) -> str:
    """Return the class of an ended call's outcome."""
    if outcome != "none":
        return outcome
    return "hung_up" if is_answered else "missed"


def hours_class(at: datetime, zone: ZoneInfo) -> str:
    """Return the quarter of the clinic's day."""
    return _HOURS[at.astimezone(zone).hour // 6]


def length_class(answered_at: datetime | None, ended_at: datetime) -> str:
    """Return the class of the time from the answer to the end."""
    if answered_at is None:
        return "unanswered"
    talked = ended_at - answered_at
    if talked < _ONE_MINUTE:
        return "short"
    return "middle" if talked < _FIVE_MINUTES else "long"


def ending_class(end_reason: str) -> str:
    """Return the class of who or what ended it."""
    if end_reason == "transferred":
        return "put_through"
    return end_reason or "carrier"
