"""The languages the receptionist speaks."""

from collections.abc import Mapping
from typing import Final

from telephony.voice.adapters.rules.phrases import de, en, fr

PHRASES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": en.PHRASES,
    "de": de.PHRASES,
    "fr": fr.PHRASES,
}


def phrases_of(language: str) -> Mapping[str, str]:
    """Return the phrases of a language; the English ones for one we do not speak."""
    return PHRASES.get(language, PHRASES["en"])
