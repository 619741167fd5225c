"""Read numbers and rows of digits from words.

A row of digits is what a caller dictates: a phone number, a card. In it ``double five``
is 55, ``forty two`` is 42, ``oh`` is 0 and ``eight hundred`` is 800.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from telephony.voice.spoken.language import Language
from telephony.voice.spoken.languages.known import LANGUAGES
from telephony.voice.spoken.words import Table

_TIMES: Final = {"double": 2, "triple": 3, "treble": 3, "doppel": 2, "doppelt": 2}
_ZEROS: Final = {
    "hundred": "00", "thousand": "000", "hundert": "00", "tausend": "000", "cent": "00",
    "cents": "00", "mille": "000",
}  # fmt: skip
_FILLERS: Final = frozenset(
    [
        "um",
        "uh",
        "er",
        "erm",
        "and",
        "then",
        "dash",
        "hyphen",
        "space",
        "euh",
        "ahm",
        "und",
        "dann",
        "et",
        "puis",
        "tiret",
    ]
)


def cardinal_entries(language: Language) -> list[tuple[str, int]]:
    """Return the ways to say 0 to 99, and their numbers."""
    plain = [(said, number) for number, said in enumerate(language.cardinals)]
    return [*plain, *language.other_cardinals.items()]


@cache
def cardinals(language_code: str) -> Table[int]:
    """Return the table of a language's numbers from 0 to 99."""
    return Table(cardinal_entries(LANGUAGES[language_code]))


@cache
def _all_cardinals() -> Table[int]:
    entries = [
        entry for language in LANGUAGES.values() for entry in cardinal_entries(language)
    ]
    # German and French write these as articles too; alone they are no digit of a row.
    return Table(entry for entry in entries if entry[0] not in {"une", "eine"})


@dataclass(frozen=True, slots=True)
class DigitRun:
    """A row of digits among words: those from `start` up to, not including, `end`."""

    digits: str
    start: int
    end: int


def _digits_at(words: Sequence[str], start: int, before: str) -> tuple[str, int] | None:
    """Return the digits that begin at this word and where they end, if any do."""
    word = words[start]
    if word.isdigit():
        return word, start + 1
    if word in _ZEROS and before:
        return _ZEROS[word], start + 1
    if word in _TIMES and start + 1 < len(words):
        following = _digits_at(words, start + 1, "")
        return (following[0] * _TIMES[word], following[1]) if following else None
    found = _all_cardinals().at(words, start)
    return (str(found.value), found.end) if found else None


def digit_runs(words: Sequence[str], *, gap: int = 0) -> list[DigitRun]:
    """Return the rows of digits in folded words, in whatever language.

    Args:
        gap: How many foreign words in a row do not break a row. Words such as ``um``
            and ``and`` never do.
    """
    runs: list[DigitRun] = []
    digits, first, last, missed = "", 0, 0, 0
    at = 0
    while at < len(words):
        here = _digits_at(words, at, digits)
        if here:
            first = first if digits else at
            digits, at, missed = digits + here[0], here[1], 0
            last = at
            continue
        missed += words[at] not in _FILLERS
        if digits and missed > gap:
            runs.append(DigitRun(digits, first, last))
            digits = ""
        at += 1
    if digits:
        runs.append(DigitRun(digits, first, last))
    return runs
