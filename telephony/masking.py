"""Takes out of words what says who somebody is: for whoever may not know (pure).

What is known is taken out for certain: the caller's name in this call. What looks like
a number, an address or a year of birth is taken out by its shape, in English, German
and French; a name that nobody wrote down is not found by this.
"""

import re
from collections.abc import Iterable
from typing import Final

HIDDEN: Final = "•••"

# Four or more figures, however they are grouped, unless they are a time of day.
_FIGURES: Final = re.compile(
    r"(?<!\d)(?!\d{1,2}[:.]\d\d(?!\d))\+?\d(?:[\s().,/:-]{0,2}\d){3,}"
)
_MAIL: Final = re.compile(
    r"\S+@\S+\.\S+|\S+ (?:at|arobase|ät) \S+ (?:dot|punkt|point) \S+"
)
_ENGLISH: Final = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    "fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|"
    "sixty|seventy|eighty|ninety|hundred|double|triple"
)
_GERMAN: Final = (
    "null|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dreizehn|"
    "vierzehn|fünfzehn|sechzehn|siebzehn|achtzehn|neunzehn|zwanzig|dreißig|vierzig|"
    "fünfzig|sechzig|siebzig|achtzig|neunzig|hundert"
)
_FRENCH: Final = (
    "zéro|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|"
    "quinze|seize|vingt|trente|quarante|cinquante|soixante|cent"
)
_NUMBER: Final = rf"\b(?:{_ENGLISH}|{_GERMAN}|{_FRENCH})\b"
# Three or more of them in a row, as a number or a year of birth is said.
_SPOKEN: Final = re.compile(
    rf"{_NUMBER}(?:[\s,-]+(?:(?:and|und|et)\s+)?{_NUMBER}){{2,}}", re.IGNORECASE
)
# A part of a name shorter than this would take other words with it.
_SHORTEST: Final = 3


def mask_words(words: str, *, names: Iterable[str] = ()) -> str:
    """Return the words with names, numbers and addresses replaced by dots.

    Args:
        names: As they are known of this call, whole; each part of them is looked for.
    """
    for part in _parts(names):
        words = re.sub(rf"\b{re.escape(part)}\b", HIDDEN, words, flags=re.IGNORECASE)
    for shape in (_MAIL, _FIGURES, _SPOKEN):
        words = shape.sub(HIDDEN, words)
    return words


def _parts(names: Iterable[str]) -> list[str]:
    parts = {part for name in names for part in re.split(r"[\s,.-]+", name)}
    return sorted(
        (one for one in parts if len(one) >= _SHORTEST), key=len, reverse=True
    )
