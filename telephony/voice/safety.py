"""Find what must not wait and what must not be kept: emergencies and card numbers.

All readings of an utterance are looked at, the unsure ones too: telling a healthy
caller the emergency number costs a sentence, missing a sick one may cost a life. A card
number held back wrongly costs a repetition; one that is kept cannot be taken back.

Source:
    Warning signs as public health services list them (chest pain, breathing, stroke,
    bleeding, suicide, poisoning, loss of consciousness). ISO/IEC 7812-1: a card number
    has 12 digits or more in practice, 19 at most.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from telephony.voice.spoken.emergencies import de, en, fr
from telephony.voice.spoken.numbers import DigitRun, digit_runs
from telephony.voice.spoken.words import fold, split

CARD_DIGITS: Final = 12
HIDDEN: Final = "[digits hidden]"
_HIDE_FROM: Final = 5
_DETAIL_DIGITS: Final = 3
_GAP_IN_A_CARD: Final = 2
_BESIDE_A_GROUP: Final = 2
# Where a card is named, these are likelier misheard digits than words.
_SOUNDS_LIKE: Final = {
    "for": "four",
    "to": "two",
    "too": "two",
    "ate": "eight",
    "won": "one",
}

_SOURCES: Final = {"en": en, "de": de, "fr": fr}

_CARD_CUE: Final = re.compile(
    r"\b(?:(?:credit|debit|kredit|bank)? ?(?:card|karte)|kreditkarte\w*|carte|visa"
    r"|mastercard|master card|amex|american express|kartennummer)\b"
)
_CARD_CODE: Final = re.compile(
    r"\b(?:security code|card number|cvv2?|cvc2?|c v v|c v c"
    r"|kartennummer|prufziffer|prufnummer|sicherheitscode"
    r"|numero de (?:ma |la )?carte|cryptogramme|code de securite)\b"
)
_DETAIL_CUE: Final = re.compile(
    r"\b(?:expir\w+|exp date|valid (?:thru|through|until|to)|good through"
    r"|security (?:code|number)|verification (?:code|number)|cvv2?|cvc2?|c v v|c v c"
    r"|(?:on|digits on) the back"
    r"|gultig bis|lauft .*ab|ablaufdatum|prufziffer|prufnummer|sicherheitscode"
    r"|date dexpiration|cryptogramme|code de securite|valable jusqu\w*)\b"
)


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what tells of an emergency, and what before it takes it back."""
    source = _SOURCES[language]
    told = re.compile(rf"\b(?:{'|'.join(source.PATTERNS)})\b")
    # One word, as "any" or "real", may stand between the two.
    back = re.compile(
        rf"\b(?:{'|'.join(source.NEGATIONS)}) (?:an? |any |more |real )*$"
    )
    return told, back


def _tells(text: str, language: str) -> bool:
    told, back = _patterns(language)
    start = 0
    while found := told.search(text, start):
        if not back.search(text[: found.start()]):
            return True
        start = found.start() + 1
    return False


def find_emergency(texts: Iterable[str], language: str) -> bool:
    """Return whether any reading of an utterance tells of an emergency.

    Args:
        texts: The words and their other readings.
        language: The language spoken; English is looked for in any case, since the ear
            of the last resort writes English.
    """
    languages = {language.lower().split("-")[0], "en"} & _SOURCES.keys()
    folded = [fold(text) for text in texts]
    return any(_tells(text, one) for text in folded for one in languages)


def _card_runs(words: Sequence[str]) -> list[DigitRun]:
    if not _CARD_CUE.search(" ".join(words)):
        return digit_runs(words)
    heard = [_SOUNDS_LIKE.get(word, word) for word in words]
    return digit_runs(heard, gap=_GAP_IN_A_CARD)


def count_card_digits(text: str) -> int:
    """Return the length of the longest row of digits in an utterance.

    ``double four`` counts two, ``forty two`` two. Where a card is named, up to two
    other words in a row do not end the row.
    """
    return max((len(run.digits) for run in _card_runs(split(text))), default=0)


def has_card_number(texts: Iterable[str]) -> bool:
    """Return whether any reading of an utterance holds twelve digits in a row."""
    return any(count_card_digits(text) >= CARD_DIGITS for text in texts)


def bare_digits(text: str, alternatives: Sequence[str] = ()) -> str:
    """Return the digits of an utterance that is nearly nothing else, else empty.

    Such are the groups in which a card is read out; two other words may stand by. One
    alternative alone does not count: an ear that listens for digits finds them in any
    sound.
    """
    best = _bare_digits(text)
    others = [found for other in alternatives if (found := _bare_digits(other))]
    return best or (others[0] if len(others) > 1 else "")


def _bare_digits(text: str) -> str:
    words = split(text)
    for run in digit_runs(words):
        said = words[run.start : run.end]
        # "Ten thirty" is four digits too, but an hour.
        is_row = len(said) >= _DETAIL_DIGITS or any(
            word.isdigit() and len(word) >= _DETAIL_DIGITS for word in said
        )
        if is_row and len(words) - len(said) <= _BESIDE_A_GROUP:
            return run.digits
    return ""


def has_card_detail(texts: Iterable[str]) -> bool:
    """Return whether this may be a card's expiry or security code.

    For the turns after a card number: any three digits in a row count there, and fewer
    beside a word such as ``expires``.
    """
    for text in texts:
        runs = digit_runs(split(text))
        longest = max((len(run.digits) for run in runs), default=0)
        if longest >= _DETAIL_DIGITS or (longest and _DETAIL_CUE.search(fold(text))):
            return True
    return False


def names_card_detail(texts: Iterable[str]) -> bool:
    """Return whether digits stand beside words that only a card has: its code."""
    return any(
        _CARD_CODE.search(fold(text)) and digit_runs(split(text)) for text in texts
    )


def hide_digit_runs(text: str, *, shortest: int = _HIDE_FROM) -> str:
    """Return the text with each row of digits replaced by ``[digits hidden]``.

    Args:
        shortest: How many digits make a row worth hiding.
    """
    tokens = text.split()
    words = [(word, at) for at, token in enumerate(tokens) for word in split(token)]
    runs = [
        run
        for run in _card_runs([word for word, _at in words])
        if len(run.digits) >= shortest
    ]
    for run in reversed(runs):
        first, last = words[run.start][1], words[run.end - 1][1]
        tokens[first : last + 1] = [HIDDEN]
    return " ".join(tokens)
