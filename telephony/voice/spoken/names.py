"""Read a person's name, also when it is spelled."""

import re
from collections.abc import Sequence
from functools import cache, partial
from itertools import dropwhile, groupby, takewhile

from telephony.voice.spoken.answers import read_yes_no
from telephony.voice.spoken.language import Language
from telephony.voice.spoken.languages.known import LANGUAGES, language_of
from telephony.voice.spoken.numbers import digit_runs
from telephony.voice.spoken.words import Table, fold, straighten

_TOKEN = re.compile(r"[^\W\d]+(?:['-][^\W\d]+)*", re.UNICODE)
_MOST = 4
_FEWEST_LETTERS = 3
_DOUBLE = frozenset({"double", "doppel"})


@cache
def _leads(language_code: str, *, is_asked: bool) -> Table[bool]:
    language = LANGUAGES[language_code]
    leads = language.name_leads + (language.weak_name_leads if is_asked else ())
    return Table((lead, True) for lead in leads)


def _has_number(words: Sequence[str]) -> bool:
    """Return whether a number is among the words; the letter O is none."""
    return bool(digit_runs([word for word in words if len(word) > 1]))


def _spelled(tokens: Sequence[str]) -> tuple[str, list[str]]:
    """Return the letters spelled out, and the tokens that are words.

    Fewer than three letters in a row are no spelling but words such as ``a``.
    """
    spelled: list[str] = []
    words: list[str] = []
    for is_letters, group in groupby(tokens, key=_is_letter):
        row = list(group)
        letters = _letters(row)
        if is_letters and len(letters) >= _FEWEST_LETTERS:
            spelled.append(letters)
        elif not is_letters:
            words.extend(row)
    return "".join(spelled), words


def _is_letter(token: str) -> bool:
    return len(token) == 1 or token in _DOUBLE


def _letters(row: Sequence[str]) -> str:
    """Return a spelling written out: ``double l`` is ``ll``."""
    letters, times = "", 1
    for token in row:
        if token in _DOUBLE:
            times = 2
        else:
            letters, times = letters + token * times, 1
    return letters


def _join(words: Sequence[str], spelled: str) -> str:
    """Return the name; letters that were spelled outrank the word they spell."""
    if len(spelled) >= _FEWEST_LETTERS:
        first = (
            words[:1] if len(words) > 1 or (words and fold(words[0]) != spelled) else []
        )
        words = [*first, spelled]
    unique = list(dict.fromkeys(words))
    return " ".join("-".join(map(_capital, word.split("-"))) for word in unique)


def _capital(word: str) -> str:
    return "'".join(part[:1].upper() + part[1:] for part in word.split("'"))


def read_name(text: str, language: str, *, is_asked: bool) -> str:
    """Return the name said, capitalised; empty if there is none.

    Args:
        is_asked: The caller was asked for it, so that words without a lead such as
            ``my name is`` may be the name. A sentence with numbers never is.
    """
    spoken = language_of(language)
    tokens = _TOKEN.findall(straighten(text.lower()).replace("_", " "))
    folded = [fold(token).replace(" ", "") for token in tokens]
    lead = _leads(spoken.code, is_asked=is_asked).first_in(folded)
    if not lead and (not is_asked or _has_number(folded)):
        return ""
    return _after(tokens[lead.end if lead else 0 :], spoken)


def _is_filler(word: str, *, spoken: Language) -> bool:
    plain = fold(word).replace(" ", "")
    return plain in spoken.name_fillers or read_yes_no(word, spoken.code) is not None


def _after(tokens: Sequence[str], spoken: Language) -> str:
    spelled, words = _spelled(tokens)
    # The name ends where other words begin: "john ellis and i would like to …".
    is_filler = partial(_is_filler, spoken=spoken)
    named = takewhile(lambda word: not is_filler(word), dropwhile(is_filler, words))
    unique = list(dict.fromkeys(named))
    if len(unique) > _MOST or not (unique or len(spelled) >= _FEWEST_LETTERS):
        return ""
    return _join(unique, spelled)
