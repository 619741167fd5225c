"""English."""

from telephony.voice.spoken.intents.en import INTENTS
from telephony.voice.spoken.language import Language

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
    "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_FIRST_19 = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
    "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth",
    "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
)  # fmt: skip
WEEKDAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip


def _cardinal(number: int) -> str:
    if number < 20:
        return _ONES[number]
    tens = _TENS[number // 10 - 2]
    return f"{tens}-{_ONES[number % 10]}" if number % 10 else tens


def _ordinal(number: int) -> str:
    if number < 20:
        return _FIRST_19[number - 1]
    if number % 10 == 0:
        return "twentieth" if number == 20 else "thirtieth"
    return f"{_TENS[number // 10 - 2]}-{_FIRST_19[number % 10 - 1]}"


def _clock(hour: int, minute: int) -> tuple[str, ...]:
    if hour > 12 or hour == 0:
        return ()
    this, following = _cardinal(hour), _cardinal(hour % 12 + 1)
    if minute == 0:
        noon = ("noon", "midday") if hour == 12 else ()
        return (f"{this} o'clock", *noon)
    plain = (
        f"{this} oh {_cardinal(minute)}"
        if minute < 10
        else f"{this} {_cardinal(minute)}"
    )
    if minute == 30:
        return (f"half past {this}", plain, f"half {this}")
    if minute in (15, 45):
        spoken = f"quarter past {this}" if minute == 15 else f"quarter to {following}"
        american = (
            f"quarter after {this}" if minute == 15 else f"quarter of {following}"
        )
        return (spoken, plain, american)
    count = _cardinal(minute if minute < 30 else 60 - minute)
    spoken = f"{count} past {this}" if minute < 30 else f"{count} to {following}"
    return (spoken, plain) if minute % 5 == 0 else (plain, spoken)


def _say_time(hour: int, minute: int) -> str:
    if (hour, minute) == (12, 0):
        return "twelve noon"
    spoken = _clock((hour - 1) % 12 + 1, minute)[0]
    half = "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
    return f"{spoken} in the {half}"


def _say_date(weekday: int, day: int, month: int) -> str:
    return f"{WEEKDAYS[weekday]}, {MONTHS[month - 1]} {_ordinal(day)}"


ENGLISH = Language(
    code="en",
    cardinals=tuple(_cardinal(number) for number in range(100)),
    other_cardinals={"oh": 0, "o": 0, "nought": 0, "null": 0},
    ordinals=tuple(_ordinal(number) for number in range(1, 32)),
    other_ordinals={
        **{f"{number}th": number for number in range(4, 31)},
        "1st": 1,
        "2nd": 2,
        "3rd": 3,
        "21st": 21,
        "22nd": 22,
        "23rd": 23,
        "31st": 31,
    },
    before_ordinal=frozenset({"the"}),
    after_ordinal=frozenset({"of"}),
    weekdays=WEEKDAYS,
    months=MONTHS,
    days_ahead={
        "day after tomorrow": 2,
        "tomorrow": 1,
        "today": 0,
        "tonight": 0,
        "this morning": 0,
        "this afternoon": 0,
        "this evening": 0,
    },
    day_units={"day": 1, "days": 1, "week": 7, "weeks": 7},
    ahead=frozenset({"in"}),
    next_week=("next week",),
    parts_of_day={
        "early morning": (6, 10),
        "morning": (6, 12),
        "afternoon": (12, 18),
        "evening": (16, 21),
        "tonight": (16, 21),
        "lunchtime": (11, 14),
        "lunch time": (11, 14),
    },
    any_time=(
        "any time",
        "anytime",
        "any day",
        "whenever",
        "as soon as possible",
        "the earliest",
        "earliest",
        "as early as possible",
        "first available",
        "next available",
        "soonest",
        "i dont mind",
        "doesnt matter",
        "does not matter",
        "you choose",
        "any appointment",
        "this week",
    ),
    around=frozenset(
        {"at", "or", "around", "about", "near", "by", "roughly", "approximately"}
    ),
    after=frozenset({"after", "from", "past"}),
    before=frozenset({"before", "until", "till"}),
    at_hour={"a m": (0, 12), "am": (0, 12), "p m": (12, 24), "pm": (12, 24)},
    clock=_clock,
    say_time=_say_time,
    say_date=_say_date,
    yes=(
        "yes",
        "yeah",
        "yep",
        "yup",
        "sure",
        "ok",
        "okay",
        "correct",
        "right",
        "perfect",
        "great",
        "fine",
        "good",
        "absolutely",
        "definitely",
        "of course",
        "certainly",
        "please do",
        "go ahead",
        "that works",
        "works for me",
        "book it",
        "book that",
        "ill take it",
        "i will take it",
        "ill take that",
        "i will take that",
        "lovely",
        "wonderful",
        "excellent",
        "suits me",
        "cancel it",
        "do that",
        "yes please",
        "exactly",
        "that one works",
        "that time works",
        "it works",
    ),
    no=(
        "no",
        "nope",
        "nah",
        "not",
        "dont",
        "do not",
        "doesnt",
        "does not",
        "wont",
        "cannot",
        "cant",
        "wrong",
        "another",
        "different",
        "other",
        "else",
        "isnt",
        "never",
        "neither",
        "incorrect",
        "later",
        "earlier",
        "too early",
        "too late",
        "rather",
        "instead",
        "none",
        "nothing",
        "not right",
        "not correct",
        "not okay",
        "not fine",
        "not good",
        "none of those works",
        "none of them works",
        "none of those work",
        "none of them work",
    ),
    not_no=("no problem", "why not", "no worries", "wouldnt mind", "not a problem"),
    intents=INTENTS,
    name_leads=("my name is", "my names", "name is", "the name is"),
    weak_name_leads=(
        "this is",
        "i am",
        "im",
        "it is",
        "its",
        "call me",
        "speaking with",
    ),
    name_fillers=frozenset(
        """
            hello hi hey yes yeah no okay ok sure please thank thanks you um
            uh er well so the a an my name is its it this that and spelled
            spelt spell with as in i am im would like to book of course
            surname last first family morning good afternoon evening
            speaking here for at on not calling about because want need
            appointment phone number doctor
        """.split()  # noqa: SIM905
    ),
    phone_leads=frozenset(
        {"phone", "telephone", "number", "mobile", "cell", "reach", "call"}
    ),
)
