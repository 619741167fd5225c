"""Read yes or no, and what a sentence asks for."""

import re
from functools import cache

from telephony.voice.spoken.language import Intent
from telephony.voice.spoken.languages.known import LANGUAGES, language_of
from telephony.voice.spoken.words import Table, fold, split

_DO_NOT = re.compile(
    r"\b(dont|do not|not|never|nicht|kein|keinen|pas) (\w+ ){0,2}(to )?"
    r"(cancel|annuler|absagen|stornieren)\b"
)


_QUESTION = re.compile(
    r"(?:is|are|was|what|whats|when|who|how|where|which|why|can|could|do|does|would it"
    r"|ist|sind|wann|wer|wie|wo|was|kann|konnen|est ce|qui|quand|combien|ou|quel\w*)\b"
)
_THANKS = re.compile(r"\b(?:thank you|thanks|danke|dankeschon|merci)\b")


@cache
def _answers(language_code: str) -> Table[bool | None]:
    language = LANGUAGES[language_code]
    return Table(
        [
            *((said, None) for said in language.not_no),
            *((said, True) for said in language.yes),
            *((said, False) for said in language.no),
        ]
    )


def read_yes_no(text: str, language: str) -> bool | None:
    """Return True for yes, False for no, None for neither or both."""
    found = _answers(language_of(language).code).all_in(split(text))
    values = {one.value for one in found} - {None}
    return values.pop() if len(values) == 1 else None


def has_no(text: str, language: str) -> bool:
    """Return whether a no is among the words, whatever else is."""
    found = _answers(language_of(language).code).all_in(split(text))
    return any(one.value is False for one in found)


def is_plain_yes(text: str, language: str) -> bool:
    """Return whether the sentence is a yes and nothing else, ``please`` aside."""
    words = [w for w in split(text) if w not in {"please", "bitte", "thank", "you"}]
    found = _answers(language_of(language).code).all_in(words)
    covered = sum(one.end - one.start for one in found)
    return bool(words) and covered == len(words) and all(one.value for one in found)


@cache
def _patterns(language_code: str) -> tuple[tuple[Intent, re.Pattern[str]], ...]:
    intents = LANGUAGES[language_code].intents
    return tuple(
        (intent, re.compile(rf"\b(?:{'|'.join(intents[intent])})\b"))
        for intent in Intent
    )


def read_intents(text: str, language: str) -> tuple[Intent, ...]:
    """Return what the sentence asks for, the weightiest first; empty for nothing."""
    folded = _DO_NOT.sub(" ", fold(text))
    patterns = _patterns(language_of(language).code)
    return tuple(intent for intent, pattern in patterns if pattern.search(folded))


def is_question(text: str) -> bool:
    """Return whether the sentence begins like a question."""
    return _QUESTION.match(fold(text)) is not None


def says_thanks(text: str) -> bool:
    """Return whether the caller thanks us, as one does at the end."""
    return _THANKS.search(fold(text)) is not None


def is_clear_yes(text: str, language: str, *, is_sure: bool) -> bool:
    """Return whether this is a yes to act on: surely heard, or nothing but a yes."""
    if is_sure:
        return read_yes_no(text, language) is True
    return is_plain_yes(text, language)


_OWN_NUMBER = re.compile(
    r"\b(?:(?:number|one) im calling from|(?:number|one) i am calling from|this number"
    r"|same number|diese nummer|dieselbe nummer|von der ich anrufe|ce numero"
    r"|meme numero|depuis lequel jappelle)\b"
)
_PHONE = re.compile(r"\b(?:phone|number|nummer|telefon\w*|numero|telephone)\b")
_TIME = re.compile(r"\b(?:time|day|date|zeit|tag|termin|uhrzeit|heure|jour|creneau)\b")


def wants_own_number(text: str, language: str) -> bool:
    """Return whether the caller means the number they are calling from."""
    folded = fold(text)
    return bool(_OWN_NUMBER.search(folded)) and not has_no(text, language)


def wants_other(text: str) -> str:
    """Return what is to be changed: ``phone``, ``time``, or empty if unclear."""
    folded = fold(text)
    is_phone, is_time = bool(_PHONE.search(folded)), bool(_TIME.search(folded))
    if is_phone == is_time:
        return ""
    return "phone" if is_phone else "time"
