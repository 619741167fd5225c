"""A word for a caller who waits: "One moment.", once a turn, whoever is late.

Its sound is made when the process starts and lies in memory: at the moment when a
vendor hangs it needs none. It is no answer, so `TurnTimes` does not end with it.
"""

from collections.abc import Mapping
from typing import Final

from telephony.voice.ports import TextToSpeech, VoiceVendorError
from telephony.voice.stages.speak import trim_silence

# Nobody waits in silence for more than 1.5 s after the end of a turn. Much sooner, and
# the phrase would get in the way of answers that are only a little late.
HOLD_AFTER_MS: Final = 1_200
HOLD_WORDS: Final = {"en": "One moment.", "de": "Einen Moment.", "fr": "Un instant."}
_ANY: Final = "en"


class Patience:
    """Knows when the caller has waited long enough without a sound (pure)."""

    def __init__(self) -> None:
        """Start with nothing owed."""
        self._since_ms: int | None = None
        self._is_spent = False

    def is_over(self, now_ms: int, *, is_owed: bool, is_silent: bool) -> bool:
        """Return True once a turn: now is the time to ask for a moment.

        Args:
            is_owed: Words, an answer or its sound are still to come.
            is_silent: The caller hears nothing of ours and does not speak.
        """
        if not is_owed:
            self._is_spent = False
        if not is_owed or not is_silent:
            self._since_ms = None
            return False
        if self._since_ms is None:
            self._since_ms = now_ms
        if self._is_spent or now_ms - self._since_ms < HOLD_AFTER_MS:
            return False
        self._is_spent = True
        return True


async def make_holds(voice: TextToSpeech) -> dict[str, bytes]:
    """Return the phrase's sound by language, as far as `voice` speaks them."""
    sounds: dict[str, bytes] = {}
    for language, words in HOLD_WORDS.items():
        try:
            pieces = [pcm async for pcm in voice.speak(words, language=language)]
        except VoiceVendorError:
            continue
        sounds[language] = trim_silence(b"".join(pieces))
    return sounds


def hold_language(sounds: Mapping[str, bytes], language: str) -> str:
    """Return the language to ask for a moment in; empty when there is no sound."""
    for known in (language, _ANY):
        if sounds.get(known):
            return known
    return ""
