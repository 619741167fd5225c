"""Read when a caller would like to come."""

import re
from datetime import date
from functools import cache

from telephony.voice.dialogue import Wish
from telephony.voice.spoken.dates import read_date
from telephony.voice.spoken.languages.known import LANGUAGES, language_of
from telephony.voice.spoken.times import Bound, TimeSaid, part_of_day, read_times
from telephony.voice.spoken.words import Table, fold, split

# Their words name a part of the day, or in German tomorrow, and mean neither.
_GREETINGS = re.compile(
    r"\b(?:good (?:morning|afternoon|evening|day)|guten? (?:morgen|abend|tag)"
    r"|bon(?:ne)? (?:matinee|soiree|journee|apres midi|soir))\b"
)


def without_greetings(text: str) -> str:
    """Return the folded text without ``good morning`` and its like."""
    return _GREETINGS.sub(" ", fold(text))


@cache
def _any_time(code: str) -> Table[bool]:
    return Table((said, True) for said in LANGUAGES[code].any_time)


def read_wish(text: str, language: str, *, today: date) -> Wish | None:
    """Return the wish in a sentence; an open one for ``any time``, None for none.

    Args:
        today: The day in the clinic's zone.
    """
    text = without_greetings(text)
    on = read_date(text, language, today=today)
    hours = part_of_day(text, language)
    times = read_times(text, language)
    if on is None and hours is None and not times:
        is_open = _any_time(language_of(language).code).first_in(split(text))
        return Wish() if is_open else None
    first, last = hours or (None, None)
    near = _one(times, Bound.NEAR)
    after, before = _one(times, Bound.AFTER), _one(times, Bound.BEFORE)
    return Wish(
        on=on,
        from_hour=first if after is None else after // 60,
        until_hour=last if not before else max(1, -(-before // 60)),
        near=near,
    )


def _one(times: list[TimeSaid], bound: Bound) -> int | None:
    return next((said.minute for said in times if said.bound is bound), None)
