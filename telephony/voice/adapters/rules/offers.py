"""Judge the answer to an offered slot. A wrong yes here is a wrong booking.

Accepted is an offer that is named by its time, or a clear yes to the one read out last.
A no among the words, another day, another time or a bare "the first" never is.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from telephony.voice.dialogue import Slot, Wish
from telephony.voice.spoken.answers import (
    has_no,
    is_clear_yes,
    is_question,
    read_yes_no,
)
from telephony.voice.spoken.dates import read_calendar_day, read_weekday
from telephony.voice.spoken.times import part_of_day, read_times
from telephony.voice.spoken.wishes import read_wish
from telephony.voice.spoken.words import split

_HALF_A_DAY: Final = 12 * 60
_LONGEST_YES: Final = 10
_WHICH_ONE: Final = re.compile(
    r"\b(?:first|second|third|erste\w*|zweite\w*|dritte\w*|premi\w+|deuxieme|troisieme)\b"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer to an offer comes to; nothing set means not understood.

    Attributes:
        accepted: The slot to book.
        is_refused: None of what was offered is wanted.
        wish: What is wanted instead.
    """

    accepted: Slot | None = None
    is_refused: bool = False
    wish: Wish | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer to an offer, all times in the clinic's zone.

    Attributes:
        text: The words without a phone number.
        offered: Slots read out, the current one last.
    """

    text: str
    language: str
    is_sure: bool
    offered: tuple[Slot, ...]
    today: date


def judge(answer: Answer) -> Verdict:
    """Return what the answer comes to."""
    text, language = answer.text, answer.language
    wish = read_wish(text, language, today=answer.today)
    if has_no(text, language):
        if read_yes_no(text, language) is not False:
            return Verdict()
        return Verdict(is_refused=True, wish=_other(wish, answer))
    named = [slot for slot in answer.offered if _names(answer, slot)]
    current = answer.offered[-1]
    if named:
        slot = current if current in named else named[0]
        is_clear = (slot is current or len(named) == 1) and not is_question(text)
        return Verdict(accepted=slot if is_clear else None)
    if _contradicts(answer, current):
        return Verdict(wish=wish if answer.is_sure else None)
    return Verdict(accepted=current if _is_yes(answer) else None)


def _is_yes(answer: Answer) -> bool:
    """Return whether this is a yes to an offer: a short one, and no question.

    "Is that a good doctor" has a yes among its words and is none.
    """
    is_one_of_many = len(answer.offered) > 1 and _WHICH_ONE.search(answer.text)
    is_long = len(split(answer.text)) > _LONGEST_YES
    if is_long or is_one_of_many or is_question(answer.text):
        return False
    return is_clear_yes(answer.text, answer.language, is_sure=answer.is_sure)


def _other(wish: Wish | None, answer: Answer) -> Wish | None:
    """Return the wish said beside a no, if it is one and the ear is sure."""
    return wish if answer.is_sure and wish != Wish() else None


def _is_that_day(answer: Answer, slot: Slot) -> bool:
    """Return whether no other day was said than the slot's."""
    day = read_calendar_day(answer.text, answer.language, today=answer.today)
    weekday = read_weekday(answer.text, answer.language)
    starts_on = slot.starts_at.date()
    return day in (None, starts_on) and weekday in (None, starts_on.weekday())


def _names(answer: Answer, slot: Slot) -> bool:
    """Return whether the slot's time was said, and no other time or day."""
    times = read_times(answer.text, answer.language)
    if not times or not _is_that_day(answer, slot):
        return False
    minute = slot.starts_at.hour * 60 + slot.starts_at.minute
    # A time of one to twelve o'clock may be meant in either half of the day.
    has_half = part_of_day(answer.text, answer.language) is not None
    turnover = 2 * _HALF_A_DAY if has_half else _HALF_A_DAY
    return all((said.minute - minute) % turnover == 0 for said in times)


def _contradicts(answer: Answer, slot: Slot) -> bool:
    """Return whether another time, day or part of the day was said."""
    if read_times(answer.text, answer.language) or not _is_that_day(answer, slot):
        return True
    part = part_of_day(answer.text, answer.language)
    if part and not part[0] <= slot.starts_at.hour < part[1]:
        return True
    wish = read_wish(answer.text, answer.language, today=answer.today)
    if wish is None or wish.on is None:
        return False
    says_weekday = read_weekday(answer.text, answer.language) is not None
    return not says_weekday and wish.on != slot.starts_at.date()
