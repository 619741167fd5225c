"""Say dates, times and phone numbers so that any voice reads them well.

Everything is written out in words: a voice that meets ``10:30`` or ``911`` may read
something else.
"""

from datetime import date, time

from telephony.voice.spoken.languages.known import language_of


def say_date(day: date, language: str) -> str:
    """Return weekday, day and month: ``Tuesday, November twenty-fourth``."""
    return language_of(language).say_date(day.weekday(), day.day, day.month)


def say_time(at: time, language: str) -> str:
    """Return the time without doubt about its half of the day."""
    return language_of(language).say_time(at.hour, at.minute)


def say_digits(digits: str, language: str) -> str:
    """Return every digit as a word: ``nine one one``; other characters are left out."""
    cardinals = language_of(language).cardinals
    return " ".join(cardinals[int(digit)] for digit in digits if digit in "0123456789")


def say_phone(digits: str, language: str) -> str:
    """Return a phone number digit by digit, in groups parted by commas."""
    bare = "".join(digit for digit in digits if digit in "0123456789")
    groups: list[str] = []
    while len(bare) > 4:
        size = 1 if not groups and len(bare) == 11 and bare[0] == "1" else 3
        groups.append(bare[:size])
        bare = bare[size:]
    return ", ".join(say_digits(group, language) for group in [*groups, bare] if group)
