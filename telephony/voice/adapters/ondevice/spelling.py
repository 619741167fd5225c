"""Which known surname a row of heard letters was meant to be."""

from difflib import SequenceMatcher
from typing import Final

from telephony.voice.adapters.ondevice.english.names import SURNAMES

# "e l l o r i s" is Ellis at 0.83 and Flores, the next, at 0.62.
_CLOSE: Final = 0.8
_FEWEST_LETTERS: Final = 3


def letters_of(text: str) -> str:
    """Return the single letters of the text as one word."""
    return "".join(word for word in text.split() if len(word) == 1)


def surname_of(letters: str) -> str:
    """Return the one surname the letters are close to, or nothing."""
    if len(letters) < _FEWEST_LETTERS:
        return ""
    likeness = {name: SequenceMatcher(None, letters, name).ratio() for name in SURNAMES}
    best = max(likeness, key=lambda name: likeness[name])
    return best if likeness[best] >= _CLOSE else ""


def with_surname(text: str, surname: str) -> str:
    """Return the text with this surname, spelled, in place of its own."""
    words = [word for word in text.split() if len(word) > 1]
    kept = " ".join(word for word in words if word not in SURNAMES)
    return f"{kept} {surname} {' '.join(surname)}".strip()
