"""The languages we can read and say."""

from collections.abc import Mapping
from typing import Final

from telephony.voice.spoken.language import Language
from telephony.voice.spoken.languages.de import GERMAN
from telephony.voice.spoken.languages.en import ENGLISH
from telephony.voice.spoken.languages.fr import FRENCH

LANGUAGES: Final[Mapping[str, Language]] = {
    language.code: language for language in (ENGLISH, GERMAN, FRENCH)
}


def language_of(code: str) -> Language:
    """Return the language of a BCP 47 tag; English for one we do not know."""
    return LANGUAGES.get(code.lower().split("-")[0], ENGLISH)
