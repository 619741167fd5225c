"""How numbers, days and times of the clock are said in English."""

from typing import Final

DIGITS: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
)  # fmt: skip
_TEENS: Final = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
    "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty")
_ORDINALS: Final = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
    "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth",
    "sixteenth", "seventeenth", "eighteenth", "nineteenth",
)  # fmt: skip
WEEKDAYS: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december",
)  # fmt: skip


def cardinal(number: int) -> str:
    """Return 0 to 59 in words: ``forty five``."""
    if number < 10:
        return DIGITS[number]
    if number < 20:
        return _TEENS[number - 10]
    tens = _TENS[number // 10 - 2]
    return f"{tens} {DIGITS[number % 10]}" if number % 10 else tens


def ordinal(number: int) -> str:
    """Return 1 to 31 as a day of the month: ``twenty fourth``."""
    if number < 20:
        return _ORDINALS[number - 1]
    if number in (20, 30):
        return "twentieth" if number == 20 else "thirtieth"
    return f"{_TENS[number // 10 - 2]} {_ORDINALS[number % 10 - 1]}"


def clock_phrases(hour: int, minute: int) -> tuple[str, ...]:
    """Return the ways to say a time of the day, 0 to 23 hours, without its half."""
    this, following = cardinal((hour - 1) % 12 + 1), cardinal(hour % 12 + 1)
    if minute == 0:
        noon = ("noon", "midday") if hour == 12 else ()
        return (f"{this} o'clock", this, *noon)
    if minute == 30:
        return (f"half past {this}", f"{this} thirty")
    plain = (
        f"{this} oh {cardinal(minute)}" if minute < 10 else f"{this} {cardinal(minute)}"
    )
    if minute in (15, 45):
        spoken = f"quarter past {this}" if minute == 15 else f"quarter to {following}"
        return (f"a {spoken}", spoken, plain)
    spoken = (
        f"{cardinal(minute)} past {this}"
        if minute < 30
        else f"{cardinal(60 - minute)} to {following}"
    )
    return (spoken, plain)
