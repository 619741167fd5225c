"""What the ear vouches for, out of three readings of one utterance."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from telephony.voice.adapters.ondevice.english.names import FIRST_NAMES
from telephony.voice.adapters.ondevice.english.numbers import DIGITS
from telephony.voice.adapters.ondevice.meaning import ESCAPES, Gist, gist_of
from telephony.voice.adapters.ondevice.spelling import (
    letters_of,
    surname_of,
    with_surname,
)
from telephony.voice.dialogue import Expecting
from telephony.voice.ports import Recognised

_PHONE_LEAD: Final = re.compile(
    r"\b(?:(?:my|the)(?: (?:phone|telephone|cell))? number is"
    r"|you can (?:reach|call) me (?:at|on))\b"
)
_PHONE_LENGTHS: Final = frozenset({7, 10, 11})
_LONGEST_PHONE: Final = 11
# A day with its hour, or ten digits, is rarely heard whole twice: here most of it by
# one trigram and half by the other will do. The brain reads these back.
_MOSTLY: Final = frozenset({Expecting.WHEN, Expecting.PHONE, Expecting.NAME})
# "The first one" was heard as "the third one" by every search, in most voices.
_ALIKE: Final = frozenset({"first", "third"})
_FIRST: Final = frozenset(FIRST_NAMES)
_BEST_SHARE: Final = 0.75
_OTHER_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What each search made of the same sound; ``guard`` is never believed."""

    grammar: str
    deeper: str
    higher: str
    guard: str


def vote(
    readings: Readings, state: Expecting, *, choices: Sequence[frozenset[str]] = ()
) -> Recognised:
    """Return the grammar's words where a trigram bears them out, or the best guess.

    The grammar always finds *something*; only what was heard without it as well counts.
    An offer may carry a phone number in the same breath; each half is judged by itself,
    and a number that is not borne out is left out of the text.

    Args:
        choices: The words of each slot on offer; a choice is sure only if what was
            heard twice fits one of them alone.
    """
    three = tuple(
        spoken_words(text)
        for text in (readings.grammar, readings.deeper, readings.higher)
    )
    guard = spoken_words(readings.guard)
    if any(_digits(text) > _LONGEST_PHONE for text in (guard, *three)):
        sure = ""  # that is a card, whatever the grammar could make of it
    elif state is Expecting.OFFER:
        sure = _sure_offer(three, choices)
    elif state is Expecting.NAME and any(letters_of(text) for text in three):
        sure = _sure_spelled_name(three)
    else:
        sure = three[0] if _is_borne_out(three, state) else ""
    text = sure or three[1] or three[2] or three[0]
    others = dict.fromkeys((guard, *three))
    alternatives = tuple(other for other in others if other and other != text)
    return Recognised(text=text, is_sure=bool(sure), alternatives=alternatives)


def _digits(text: str) -> int:
    return sum(word in DIGITS for word in text.split())


def _is_borne_out(three: tuple[str, ...], state: Expecting) -> bool:
    """Return whether a trigram heard what matters in the grammar's reading."""
    gist, *others = (gist_of(text, state) for text in three)
    if not gist or not _is_whole(gist, state):
        return False
    shares = sorted(len(common(gist, other)) / len(gist) for other in others)
    if shares[1] == 1 and gist in others:
        return True
    return state in _MOSTLY and shares[1] >= _BEST_SHARE and shares[0] >= _OTHER_SHARE


def _sure_spelled_name(three: tuple[str, ...]) -> str:
    """Return the name whose letters two of three heard, more or less."""
    surnames = [surname_of(letters_of(text)) for text in three]
    for surname in surnames:
        if surname and surnames.count(surname) >= 2:
            firsts = [
                name for name in gist_of(three[0], Expecting.NAME) if name in _FIRST
            ]
            if any(name in text.split() for name in firsts[:1] for text in three[1:]):
                return with_surname(three[0], surname)
    return ""


def _is_whole(gist: Gist, state: Expecting) -> bool:
    if state is Expecting.NAME:
        return len(gist) >= 2 or gist[0] in ESCAPES
    if state is Expecting.PHONE:
        return len(gist) in _PHONE_LENGTHS or len(gist) == 1
    if state is Expecting.OFFER:
        return _ALIKE.isdisjoint(gist) or not {*_ALIKE, "one"}.issuperset(gist)
    return True


def _sure_offer(three: tuple[str, ...], choices: Sequence[frozenset[str]]) -> str:
    halves = [_halves(text) for text in three]
    first = tuple(half for half, _ in halves)
    second = tuple(half for _, half in halves)
    if not _is_borne_out(first, Expecting.OFFER) and not _fits_one(first, choices):
        return ""
    number = second[0] if _is_borne_out(second, Expecting.PHONE) else ""
    return f"{first[0]} {number}".strip()


def _fits_one(three: tuple[str, ...], choices: Sequence[frozenset[str]]) -> bool:
    """Return whether what was heard twice leaves the grammar's slot and no other."""
    gist, *others = (gist_of(text, Expecting.OFFER) for text in three)
    heard = max((common(gist, other) for other in others), key=len)
    fitting = [words for words in choices if words.issuperset(heard)]
    return bool(heard) and len(fitting) == 1 and fitting[0].issuperset(gist)


def common(one: Gist, other: Gist) -> Gist:
    """Return the longest row of words that both have in this order."""
    rows: list[Gist] = [()] * (len(other) + 1)
    for word in one:
        above = rows[:]
        for place, candidate in enumerate(other):
            if word == candidate:
                rows[place + 1] = (*above[place], word)
            else:
                rows[place + 1] = max(above[place + 1], rows[place], key=len)
    return rows[-1]


def _halves(text: str) -> tuple[str, str]:
    found = _PHONE_LEAD.search(text)
    if found is None:
        return text, ""
    return text[: found.start()].strip(), text[found.start() :]


def spoken_words(hypothesis: str) -> str:
    """Return a decoder's words as a person would write them.

    Letters lose their mark (``e_`` → ``e``), "double l" becomes two letters, and in a
    row of digits "oh" is zero.
    """
    words: list[str] = []
    is_double = False
    for raw in hypothesis.split():
        if raw == "double":
            is_double = True
            continue
        word = "zero" if raw == "oh" else raw.rstrip("_")
        words.extend([word, word] if is_double else [word])
        is_double = False
    return " ".join(words)
