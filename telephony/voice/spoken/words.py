"""Fold a sentence to plain words, and find entries of a table among them.

Folding drops case, accents, apostrophes and punctuation, so that what an ear writes
down and what our tables say meet in one form: ``Dreißig Uhr`` is ``dreissig uhr`` and
``d'accord`` is ``daccord``.

Next: `telephony.voice.spoken.languages`, which fills the tables.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")
Words = tuple[str, ...]

# The curly apostrophe, written by its number: it looks too much like others.
_CURLY = chr(0x2019)
_NOT_WORDS = re.compile(r"[^a-z0-9#*+]+")


def straighten(text: str) -> str:
    """Return the text with every apostrophe the straight one."""
    return text.replace(_CURLY, "'").replace("`", "'")


def fold(text: str) -> str:
    """Return the text in lower case ASCII letters and digits, single spaces between."""
    spread = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    bare = "".join(mark for mark in spread if not unicodedata.combining(mark))
    bare = bare.replace("œ", "oe").replace("æ", "ae")
    return _NOT_WORDS.sub(" ", straighten(bare).replace("'", "")).strip()


def split(text: str) -> Words:
    """Return the folded words of a text."""
    return tuple(fold(text).split())


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """An entry found among words: those from `start` up to, not including, `end`."""

    value: Value
    start: int
    end: int


class Table(Generic[Value]):
    """Phrases of one or more words and what they mean; the longest phrase wins."""

    def __init__(self, entries: Iterable[tuple[str, Value]]) -> None:
        """Take the entries; of two equal phrases the first one stands."""
        self._values: dict[Words, Value] = {}
        for phrase, value in entries:
            self._values.setdefault(split(phrase), value)
        self._longest = max(map(len, self._values), default=0)

    @classmethod
    def of(cls, entries: Mapping[str, Value]) -> "Table[Value]":
        """Return a table of a mapping's entries."""
        return cls(entries.items())

    def at(self, words: Sequence[str], start: int) -> Found[Value] | None:
        """Return the longest entry that begins at `start`, or None."""
        for length in range(min(self._longest, len(words) - start), 0, -1):
            phrase = tuple(words[start : start + length])
            if phrase in self._values:
                return Found(self._values[phrase], start, start + length)
        return None

    def all_in(self, words: Sequence[str]) -> list[Found[Value]]:
        """Return all entries from left to right; none overlaps another."""
        found: list[Found[Value]] = []
        start = 0
        while start < len(words):
            here = self.at(words, start)
            if here:
                found.append(here)
            start = here.end if here else start + 1
        return found

    def first_in(self, words: Sequence[str]) -> Found[Value] | None:
        """Return the leftmost entry, or None."""
        return next(iter(self.all_in(words)), None)
