"""Read times of the day.

Callers seldom say which half of the day they mean. What they say about it counts; else
one to six o'clock is the afternoon, because clinics are open then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from telephony.voice.spoken.languages.known import LANGUAGES, language_of
from telephony.voice.spoken.numbers import cardinals
from telephony.voice.spoken.words import Found, Table, split

_FIRST_MORNING_HOUR = 7


class Bound(Enum):
    """How a time bounds a wish."""

    NEAR = "near"
    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class TimeSaid:
    """A time of the day.

    Attributes:
        minute: Minutes after midnight.
        start: The first of its words.
        end: One after the last of its words.
    """

    minute: int
    bound: Bound
    start: int
    end: int


@cache
def _clock(language_code: str) -> Table[int]:
    """Return every saying of every minute; the value is minutes after midnight."""
    clock = LANGUAGES[language_code].clock
    return Table(
        (said, hour * 60 + minute)
        for hour in range(24)
        for minute in range(60)
        for said in clock(hour, minute)
    )


@cache
def _halves(language_code: str) -> Table[tuple[int, int]]:
    return Table.of(LANGUAGES[language_code].at_hour)


@cache
def _parts(language_code: str) -> Table[tuple[int, int]]:
    return Table.of(LANGUAGES[language_code].parts_of_day)


def part_of_day(text: str, language: str) -> tuple[int, int] | None:
    """Return the part of the day named: first hour, and last hour exclusive."""
    found = _parts(language_of(language).code).first_in(split(text))
    return found.value if found else None


def _settle(minute: int, half: tuple[int, int] | None) -> int:
    """Return the minute of the day meant by a time that may be of either half."""
    if minute >= 13 * 60:
        return minute
    early = minute % (12 * 60)
    late = early + 12 * 60
    if half is None:
        return late if early < _FIRST_MORNING_HOUR * 60 else early
    first, last = half[0] * 60, half[1] * 60
    if first <= early < last:
        return early
    is_late = first <= late < last or first >= 12 * 60 or early < 60
    return late if is_late else early


def _bare_hour(words: Sequence[str], at: int, code: str) -> Found[int] | None:
    """Return an hour without ``o'clock`` if the words around it make it a time."""
    language = LANGUAGES[code]
    number = cardinals(code).at(words, at)
    if not number or not 1 <= number.value <= 24:
        return None
    leads = language.around | language.after | language.before
    has_lead = at > 0 and words[at - 1] in leads
    has_half = _halves(code).at(words, number.end) is not None
    is_alone = len(words) == number.end - at
    if not (has_lead or has_half or is_alone):
        return None
    return Found(number.value % 24 * 60, number.start, number.end)


def _figures(words: Sequence[str], at: int) -> Found[int] | None:
    """Return a time in figures, ``10 30``."""
    pair = words[at : at + 2]
    if len(pair) < 2 or not all(word.isdigit() for word in pair) or len(pair[1]) != 2:
        return None
    hour, minute = int(pair[0]), int(pair[1])
    return Found(hour * 60 + minute, at, at + 2) if hour < 24 and minute < 60 else None


def read_times(text: str, language: str) -> list[TimeSaid]:
    """Return the times said, in the order in which they were said."""
    code = language_of(language).code
    words = split(text)
    part = part_of_day(text, language)
    times: list[TimeSaid] = []
    at = 0
    while at < len(words):
        found = _clock(code).at(words, at) or _figures(words, at)
        found = found or _bare_hour(words, at, code)
        if found:
            times.append(_said(found, words, code, part))
        at = found.end if found else at + 1
    return times


def _said(
    found: Found[int], words: Sequence[str], code: str, part: tuple[int, int] | None
) -> TimeSaid:
    language = LANGUAGES[code]
    half = _halves(code).at(words, found.end)
    before = words[found.start - 1] if found.start else ""
    bound = Bound.AFTER if before in language.after else Bound.NEAR
    bound = Bound.BEFORE if before in language.before else bound
    minute = _settle(found.value, half.value if half else part)
    return TimeSaid(minute, bound, found.start, half.end if half else found.end)
