"""Speaks with a vendor's voice, and with another when it fails, stalls or hangs."""

from collections.abc import AsyncIterator
from typing import Final

from telephony.voice.failover.breaker import Breaker
from telephony.voice.failover.pieces import in_time
from telephony.voice.ports import TextToSpeech, VoiceVendorError

FIRST_S: Final = 0.6
NEXT_S: Final = 0.5


class FailoverVoice:
    """A `TextToSpeech` made of two.

    A sentence that breaks off is said again from its beginning by the other voice: a
    repeated half sentence is understood, a missing one is not.
    """

    def __init__(
        self, first: TextToSpeech, second: TextToSpeech, breaker: Breaker
    ) -> None:
        """Prefer `first` while its breaker lets it."""
        self.name = f"{first.name}>{second.name}"
        self._first, self._second, self._breaker = first, second, breaker

    async def speak(self, text: str, *, language: str) -> AsyncIterator[bytes]:
        """Yield the sound of whoever speaks in time."""
        if self._breaker.may_try():
            try:
                pieces = self._first.speak(text, language=language)
                async for pcm in in_time(
                    pieces, vendor=self._first.name, first_s=FIRST_S, next_s=NEXT_S
                ):
                    yield pcm
            except VoiceVendorError as error:
                self._breaker.failed(is_permanent=error.is_permanent)
            else:
                self._breaker.succeeded()
                return
        async for pcm in self._second.speak(text, language=language):
            yield pcm
