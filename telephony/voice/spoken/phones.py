"""Find the phone number in what a caller said."""

from dataclasses import dataclass

from telephony.voice.spoken.languages.known import language_of
from telephony.voice.spoken.numbers import DigitRun, digit_runs
from telephony.voice.spoken.words import split

_FEWEST = 3


@dataclass(frozen=True, slots=True)
class PhoneSaid:
    """A phone number and what else was said.

    Attributes:
        digits: What was dictated, at least three digits; empty if nothing was.
        rest: The other words, folded.
    """

    digits: str
    rest: str


def split_phone(text: str, language: str) -> PhoneSaid:
    """Part the dictated phone number from the rest of the sentence.

    After a word such as ``number`` the longest row of digits counts; without one only a
    row of seven or more, so that a time of the day is not taken for a number.
    """
    words = split(text)
    leads = language_of(language).phone_leads
    cue = max((at for at, word in enumerate(words) if word in leads), default=-1)
    fewest = _FEWEST if cue >= 0 else 7
    runs = [run for run in digit_runs(words) if run.start > cue]
    best = max(runs, key=_length, default=None)
    if best is None or len(best.digits) < fewest:
        return PhoneSaid("", " ".join(words))
    rest = (*words[: best.start], *words[best.end :])
    return PhoneSaid(best.digits, " ".join(rest))


def _length(run: DigitRun) -> int:
    return len(run.digits)


def is_phone(digits: str, *, is_north_american: bool) -> bool:
    """Return whether these can be dialled.

    Source:
        ITU-T E.164 (at most 15 digits); North American Numbering Plan: ten digits, area
        and exchange beginning with 2 to 9, perhaps a 1 before.
    """
    if not is_north_american:
        return 7 <= len(digits) <= 15
    national = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    return (
        len(national) == 10 and national[0] in "23456789" and national[3] in "23456789"
    )
