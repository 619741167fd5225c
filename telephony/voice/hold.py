"""A word for a caller who waits: "One moment.", once a turn, whoever is late.

Its sound is made when the process starts and lies in memory: at the moment when a
vendor hangs it needs none. It is no answer, so `TurnTimes` does not end with it.

While the ear is late nobody knows what the caller said, and it may have been "chest
pain": the first such phrase of a call names the emergency number.
"""

from collections.abc import Mapping
from itertools import product
from typing import Final, NamedTuple

from telephony.voice.ports import TextToSpeech, VoiceVendorError
from telephony.voice.stages.speak import EMERGENCY_NUMBERS, aloud, trim_silence

# Nobody waits in silence for more than 1.5 s after the end of a turn. Much sooner, and
# the phrase would get in the way of answers that are only a little late.
HOLD_AFTER_MS: Final = 1_200
HOLD_WORDS: Final = {"en": "One moment.", "de": "Einen Moment.", "fr": "Un instant."}
_EMERGENCY_WORDS: Final = {
    "en": "In an emergency, hang up and call {emergency}.",
    "de": "Im Notfall legen Sie auf und rufen {emergency}.",
    "fr": "En cas d'urgence, raccrochez et appelez le {emergency}.",
}
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


class Hold(NamedTuple):
    """The phrase, ready to be heard; `pcm` as in `frames.Audio`."""

    text: str
    language: str
    pcm: bytes


def hold_words(language: str, emergency: str = "") -> str:
    """Return the phrase, with the number to call when one is given."""
    words = HOLD_WORDS[language]
    if not emergency:
        return words
    return f"{words} {_EMERGENCY_WORDS[language].format(emergency=emergency)}"


async def make_holds(voice: TextToSpeech) -> dict[tuple[str, str], bytes]:
    """Return the phrases' sound as far as `voice` speaks them.

    Returns:
        PCM by language and emergency number, which is empty in the plain phrase.
    """
    sounds: dict[tuple[str, str], bytes] = {}
    for language, number in product(HOLD_WORDS, ("", *EMERGENCY_NUMBERS)):
        words = aloud(hold_words(language, number))
        try:
            pieces = [pcm async for pcm in voice.speak(words, language=language)]
        except VoiceVendorError:
            continue
        sounds[language, number] = trim_silence(b"".join(pieces))
    return sounds


def find_hold(
    sounds: Mapping[tuple[str, str], bytes], language: str, *, emergency: str
) -> Hold | None:
    """Return the phrase nearest to what is wanted, or None when there is no sound."""
    for known, number in product((language, _ANY), (emergency, "")):
        if pcm := sounds.get((known, number)):
            return Hold(hold_words(known, number), known, pcm)
    return None
