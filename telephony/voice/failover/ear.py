"""Hears with a vendor's ear, and with another when it fails, stalls or hangs.

The sound of the running utterance is held here, so that the second ear can hear it too.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from telephony.voice.dialogue import Expecting, Slot
from telephony.voice.failover.breaker import Breaker
from telephony.voice.failover.deaf import DeafHearing
from telephony.voice.ports import (
    Hearing,
    Recognised,
    SpeechToText,
    VoiceVendorError,
)

WORDS_WITHIN_S: Final = 1.0
OPEN_WITHIN_S: Final = 1.0


class FailoverEar:
    """A `SpeechToText` made of two."""

    def __init__(
        self, first: SpeechToText, second: SpeechToText, breaker: Breaker
    ) -> None:
        """Prefer `first` while its breaker lets it."""
        self.name = f"{first.name}>{second.name}"
        self.languages = first.languages | second.languages
        self._first, self._second, self._breaker = first, second, breaker

    async def open(self, *, language: str) -> Hearing:
        """Return an ear that can fall back in the middle of an utterance.

        Raises:
            VoiceVendorError: If neither can be had.
        """
        first = await self._open_first(language)
        try:
            second = await self._second.open(language=language)
        except VoiceVendorError:
            if first is None:
                raise
            second = DeafHearing()
        # Alone the second hears live, and is done the sooner.
        return second if first is None else _TwoEars(first, second, self._breaker)

    async def _open_first(self, language: str) -> Hearing | None:
        if language not in self._first.languages or not self._breaker.may_try():
            return None
        try:
            async with asyncio.timeout(OPEN_WITHIN_S):
                return await self._first.open(language=language)
        except VoiceVendorError as error:
            self._breaker.failed(is_permanent=error.is_permanent)
        except TimeoutError:
            self._breaker.failed()
        return None


class _TwoEars:
    def __init__(self, first: Hearing, second: Hearing, breaker: Breaker) -> None:
        self._first, self._second, self._breaker = first, second, breaker
        self._sound: list[bytes] = []

    def expect(self, expecting: Expecting, *, offered: Sequence[Slot]) -> None:
        self._first.expect(expecting, offered=offered)

    def feed(self, pcm: bytes) -> None:
        self._sound.append(pcm)
        self._first.feed(pcm)

    async def finish(
        self, expecting: Expecting, *, offered: Sequence[Slot]
    ) -> Recognised:
        sound, self._sound = self._sound, []
        if self._breaker.may_try():
            try:
                async with asyncio.timeout(WORDS_WITHIN_S):
                    words = await self._first.finish(expecting, offered=offered)
            except VoiceVendorError as error:
                self._breaker.failed(is_permanent=error.is_permanent)
            except TimeoutError:
                self._breaker.failed()
            else:
                self._breaker.succeeded()
                return words
        self._second.expect(expecting, offered=offered)
        for pcm in sound:
            self._second.feed(pcm)
        return await self._second.finish(expecting, offered=offered)

    async def close(self) -> None:
        await asyncio.gather(self._first.close(), self._second.close())
