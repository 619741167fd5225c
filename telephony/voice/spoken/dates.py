"""Read days of the calendar.

All is reckoned from `today`, a day in the clinic's own zone: whoever calls just before
midnight and says ``tomorrow`` means the clinic's tomorrow. A weekday is the next such
day after today; ``next`` skips tomorrow, which nobody calls so. Every day is read back
with its date before it counts.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from telephony.voice.spoken.language import Language
from telephony.voice.spoken.languages.known import LANGUAGES, language_of
from telephony.voice.spoken.numbers import cardinals
from telephony.voice.spoken.words import Found, Table, split

_NEXT = frozenset(
    ["next", "nachsten", "nachster", "nachste", "kommenden", "prochain", "prochaine"]
)
# "The first available", "the second one": no day of the month.
_NOT_A_DAY = frozenset(
    [
        "one",
        "time",
        "available",
        "appointment",
        "free",
        "slot",
        "offer",
        "termin",
        "rendez",
        "creneau",
    ]
)


@cache
def _days_ahead(code: str) -> Table[int]:
    return Table.of(LANGUAGES[code].days_ahead)


@cache
def _weekdays(code: str) -> Table[int]:
    return Table((said, number) for number, said in enumerate(LANGUAGES[code].weekdays))


@cache
def _months(code: str) -> Table[int]:
    return Table(
        (said, number) for number, said in enumerate(LANGUAGES[code].months, start=1)
    )


@cache
def _days(code: str) -> Table[int]:
    language = LANGUAGES[code]
    plain = [(said, number) for number, said in enumerate(language.ordinals, start=1)]
    return Table([*plain, *language.other_ordinals.items()])


@cache
def _next_week(code: str) -> Table[bool]:
    return Table((said, True) for said in LANGUAGES[code].next_week)


def read_date(text: str, language: str, *, today: date) -> date | None:
    """Return the day said, today or later; None if none was said."""
    spoken = language_of(language)
    words = split(text)
    return (
        _calendar_day(words, spoken, today)
        or _weekday(words, spoken, today)
        or _relative(words, spoken, today)
    )


def read_calendar_day(text: str, language: str, *, today: date) -> date | None:
    """Return the day said by its number, as ``the twenty fourth``; None if none was."""
    return _calendar_day(split(text), language_of(language), today)


def read_weekday(text: str, language: str) -> int | None:
    """Return the weekday named, Monday as 0."""
    found = _weekdays(language_of(language).code).first_in(split(text))
    return found.value if found else None


def _day_of_month(words: Sequence[str], at: int, code: str) -> Found[int] | None:
    found = _days(code).at(words, at)
    plain = cardinals(code).at(words, at)
    if not found or (plain and plain.end > found.end):
        found = plain
    if not found and at < len(words) and words[at].isdigit():
        found = Found(int(words[at]), at, at + 1)
    return found if found and 1 <= found.value <= 31 else None


def _calendar_day(words: Sequence[str], spoken: Language, today: date) -> date | None:
    """Return ``the twenty fourth``, ``november twenty fourth`` and the like."""
    for at in range(len(words)):
        month = _months(spoken.code).at(words, at)
        day = _day_of_month(words, month.end if month else at, spoken.code)
        if month and day:
            return _next_such(day.value, month.value, today)
        if day:
            month = _month_after(words, day.end, spoken)
            if month or _is_bare_day(words, day, spoken):
                return _next_such(day.value, month.value if month else None, today)
    return None


def _month_after(words: Sequence[str], at: int, spoken: Language) -> Found[int] | None:
    is_joined = spoken.after_ordinal.intersection(words[at : at + 1])
    return _months(spoken.code).at(words, at + 1 if is_joined else at)


def _is_bare_day(words: Sequence[str], day: Found[int], spoken: Language) -> bool:
    """Return whether the number is a day of a month that was not named."""
    if not day.start or words[day.start - 1] not in spoken.before_ordinal:
        return False
    is_ordinal = _days(spoken.code).at(words, day.start) is not None
    return is_ordinal and not _NOT_A_DAY.intersection(words[day.end : day.end + 1])


def _next_such(day: int, month: int | None, today: date) -> date | None:
    """Return the first day from today on with this number, and month if given."""
    # Eight years hold a 29 February even around a year like 2100.
    for ahead in range(8 * 366):
        candidate = today + timedelta(days=ahead)
        if candidate.day == day and month in (None, candidate.month):
            return candidate
    return None


def _weekday(words: Sequence[str], spoken: Language, today: date) -> date | None:
    found = _weekdays(spoken.code).first_in(words)
    if not found:
        return None
    around = {
        *words[max(0, found.start - 1) : found.start],
        *words[found.end : found.end + 1],
    }
    ahead = (found.value - today.weekday() - 1) % 7 + 1
    if ahead == 1 and around & _NEXT:
        ahead += 7
    if _next_week(spoken.code).first_in(words):
        ahead = 7 - today.weekday() + found.value
    return today + timedelta(days=ahead)


def _relative(words: Sequence[str], spoken: Language, today: date) -> date | None:
    for at, word in enumerate(words):
        number = cardinals(spoken.code).at(words, at + 1)
        if word in spoken.ahead and number:
            unit = words[number.end] if number.end < len(words) else ""
            if unit in spoken.day_units:
                return today + timedelta(days=number.value * spoken.day_units[unit])
    found = _days_ahead(spoken.code).first_in(words)
    if found:
        return today + timedelta(days=found.value)
    if _next_week(spoken.code).first_in(words):
        return today + timedelta(days=7 - today.weekday())
    return None
