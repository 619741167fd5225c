"""The ear of one call, open for the language that is spoken now.

It is opened beside the call, so that a vendor's slow door holds up no greeting, and
anew when the conversation goes on in another language.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from telephony.voice.dialogue import Expecting, Slot
from telephony.voice.failover.deaf import DeafHearing
from telephony.voice.ports import (
    Hearing,
    Recognised,
    SpeechToText,
    VoiceVendorError,
)

OPEN_WITHIN_S: Final = 3.0
CLOSE_WITHIN_S: Final = 1.0


class CallersEar:
    """A `Hearing` that keeps what is said until it is open; deaf if it cannot be."""

    def __init__(self, ear: SpeechToText, language: str) -> None:
        """Begin to open; needs a running loop."""
        self._ear = ear
        self._language = language
        self._hearing: Hearing | None = None
        self._opening = asyncio.create_task(self._open(language))
        self._leaving: set[asyncio.Task[None]] = set()
        self._expected: tuple[Expecting, Sequence[Slot]] | None = None
        self._sound: list[bytes] = []

    def turn_to(self, language: str) -> None:
        """Listen in this language from now on."""
        if language == self._language:
            return
        self._language = language
        left = asyncio.create_task(_leave(self._opening))
        self._leaving.add(left)
        left.add_done_callback(self._leaving.discard)
        self._hearing = None
        self._opening = asyncio.create_task(self._open(language))

    def expect(self, expecting: Expecting, *, offered: Sequence[Slot]) -> None:
        """Pass it on, now or when the ear is open."""
        hearing = self._ready()
        if hearing is None:
            self._expected = (expecting, offered)
        else:
            hearing.expect(expecting, offered=offered)

    def feed(self, pcm: bytes) -> None:
        """Pass it on, now or when the ear is open."""
        hearing = self._ready()
        if hearing is None:
            self._sound.append(pcm)
        else:
            hearing.feed(pcm)

    async def finish(
        self, expecting: Expecting, *, offered: Sequence[Slot]
    ) -> Recognised:
        """Return the words of all that was fed since the last call.

        Raises:
            VoiceVendorError: From the vendor.
        """
        await asyncio.wait({self._opening})
        hearing = self._ready() or DeafHearing()
        return await hearing.finish(expecting, offered=offered)

    async def close(self) -> None:
        """Give back every ear of this call; closing twice is harmless."""
        await asyncio.gather(_leave(self._opening), *self._leaving)

    async def _open(self, language: str) -> Hearing:
        try:
            async with asyncio.timeout(OPEN_WITHIN_S):
                return await self._ear.open(language=language)
        except (VoiceVendorError, TimeoutError):
            return DeafHearing()

    def _ready(self) -> Hearing | None:
        """Return the ear once it is open, and give it what it has missed."""
        if self._hearing is None and self._opening.done():
            hearing = self._hearing = self._opening.result()
            missed, self._sound = self._sound, []
            if self._expected is not None:
                expecting, offered = self._expected
                hearing.expect(expecting, offered=offered)
                self._expected = None
            for pcm in missed:
                hearing.feed(pcm)
        return self._hearing


async def _leave(opening: asyncio.Task[Hearing]) -> None:
    """Close an ear, open or not yet; one that hangs is not waited for."""
    if opening.cancelled():
        return
    try:
        async with asyncio.timeout(CLOSE_WITHIN_S):
            hearing = await opening
            await hearing.close()
    except (VoiceVendorError, TimeoutError):
        return
