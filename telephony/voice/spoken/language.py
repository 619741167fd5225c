"""The shape of what we know about one spoken language.

Each file in `telephony.voice.spoken.languages` fills one `Language`; sayings are as a
voice should read them, and reading them back goes through `words.fold`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    """What a sentence asks for, in the order in which one outranks another."""

    ROBOT = "robot"
    PERSON = "person"
    CANCEL = "cancel"
    MOVE = "move"
    MESSAGE = "message"
    PAY = "pay"
    HOURS = "hours"
    ADDRESS = "address"
    PARKING = "parking"
    PRICES = "prices"
    INSURANCE = "insurance"
    BOOK = "book"
    REPEAT = "repeat"
    GOODBYE = "goodbye"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Words and sayings of one language.

    Attributes:
        code: BCP 47 primary tag.
        cardinals: 0 to 99.
        other_cardinals: Further ways to say a number, as ``oh`` for 0.
        ordinals: 1 to 31 as days of the month, in the form used after the article.
        other_ordinals: Further forms.
        before_ordinal: Words that make a bare ordinal (or number) a day of the month.
        after_ordinal: Words that may stand between the day and the month.
        weekdays: Monday first.
        months: January first.
        days_ahead: Sayings for a day counted from today.
        day_units: Words for a span, with their days: ``week`` is 7.
        ahead: Words before a span: ``in``.
        next_week: Sayings for the Monday that follows.
        parts_of_day: Hours meant: first, and last exclusive.
        any_time: Sayings for no wish at all.
        around, after, before: Words before a time.
        at_hour: Words that follow a bare hour: ``am``, with its hours.
        clock: All sayings of an hour (0 to 23) and minute, the best one first.
        say_time: How a time of the day is said without doubt about its half.
        say_date: How weekday (0 is Monday), day and month are said.
        yes, no: Words and sayings.
        not_no: Sayings that have a no in them and are none.
        intents: Regular expressions of whole words over folded text.
        name_leads: Sayings a name follows for certain.
        weak_name_leads: Sayings a name follows if it was asked for.
        name_fillers: Words that are never part of a name.
        phone_leads: Words that announce a phone number.
    """

    code: str
    cardinals: tuple[str, ...]
    other_cardinals: Mapping[str, int]
    ordinals: tuple[str, ...]
    other_ordinals: Mapping[str, int]
    before_ordinal: frozenset[str]
    after_ordinal: frozenset[str]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    days_ahead: Mapping[str, int]
    day_units: Mapping[str, int]
    ahead: frozenset[str]
    next_week: tuple[str, ...]
    parts_of_day: Mapping[str, tuple[int, int]]
    any_time: tuple[str, ...]
    around: frozenset[str]
    after: frozenset[str]
    before: frozenset[str]
    at_hour: Mapping[str, tuple[int, int]]
    clock: Callable[[int, int], tuple[str, ...]]
    say_time: Callable[[int, int], str]
    say_date: Callable[[int, int, int], str]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    not_no: tuple[str, ...]
    intents: Mapping[Intent, tuple[str, ...]]
    name_leads: tuple[str, ...]
    weak_name_leads: tuple[str, ...]
    name_fillers: frozenset[str]
    phone_leads: frozenset[str]
