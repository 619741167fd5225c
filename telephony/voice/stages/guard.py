"""The last look at a sentence before it is said (pure).

Whatever a model wrote, the caller never hears it claim to be a person, read out a web
address, or repeat a card number.

Next: `telephony.voice.stages.speak`.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from telephony.voice.frames import Saying

_PERSON: Final = re.compile(
    r"\b(i am|i'm) (a|an) (real |actual )?(person|human|human being)\b"
    r"|\bich bin (ein )?(echter )?mensch\b"
    r"|\bje suis une (vraie )?personne\b",
    re.IGNORECASE,
)
_TRUTH: Final = {
    "en": "I am an AI assistant, not a person.",
    "de": "Ich bin ein KI-Assistent, kein Mensch.",
    "fr": "Je suis un assistant IA, pas une personne.",
}
_ADDRESS: Final = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_LONG_NUMBER: Final = re.compile(r"(?:\d[ -]?){12,}")
# A sentence that never ends is not one; the voice would run on for minutes.
LONGEST: Final = 600


class Guard:
    """Emits each sentence, mended where it must be."""

    name = "guard"

    def __init__(self, emit: Callable[[Saying], None]) -> None:
        """Emit what may be said."""
        self._emit = emit

    def handle(self, saying: Saying) -> None:
        """Emit the sentence; an empty one is let go."""
        text = _mend(saying.text, saying.language)
        if text:
            self._emit(saying if text == saying.text else replace(saying, text=text))


def _mend(text: str, language: str) -> str:
    text = _ADDRESS.sub("", _LONG_NUMBER.sub("", text)).strip()
    if _PERSON.search(text):
        return _TRUTH.get(language, _TRUTH["en"])
    return text[:LONGEST]
