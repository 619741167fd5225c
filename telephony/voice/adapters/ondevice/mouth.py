"""The on-device mouth: espeak-ng in child processes, quick and plain."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Final

from telephony.voice.adapters.ondevice.child import Child
from telephony.voice.adapters.ondevice.keeper import Keeper
from telephony.voice.adapters.ondevice.manners import MANNERS, Manner
from telephony.voice.adapters.ondevice.protocol import Kind
from telephony.voice.ports import VoiceVendorError

VENDOR: Final = "ondevice-mouth"
_MODULE: Final = "telephony.voice.adapters.ondevice.mouth_child"
_SIZE: Final = 2
_WAIT_S: Final = 1.5
# A clause takes some 30 ms; a busy machine has shown 96.
_HANG_S: Final = 1.0
_LONGEST_TEXT: Final = 2_000  # characters; a minute and a half of speech
_PART_ENDS: Final = re.compile(r"(?<=[.?!;:])\s+")


class OnDeviceMouth:
    """Text to speech without key or network; one for the whole process.

    Args:
        voice: An espeak-ng voice that speaks whatever the language, such as ``en-us``
            for the demo's caller; by default the language's own (`MANNERS`).
    """

    name = VENDOR
    languages = frozenset(MANNERS)

    def __init__(self, voice: str | None = None) -> None:
        self._voice = voice
        self._idle: asyncio.Queue[Child] = asyncio.Queue()
        self._all: set[Child] = set()
        self._keeper = Keeper(self._add)

    async def start(self) -> None:
        """Start both processes.

        Raises:
            VoiceVendorError: If one does not start.
        """
        try:
            await self._keeper.start(_SIZE)
        except VoiceVendorError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End both processes; stopping twice is harmless."""
        await self._keeper.stop()
        children, self._all = list(self._all), set()
        self._idle = asyncio.Queue()
        await asyncio.gather(*(child.stop() for child in children))

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of the child processes."""
        return tuple(child.pid for child in self._all)

    async def speak(self, text: str, *, language: str) -> AsyncIterator[bytes]:
        """Yield PCM as in `frames.Audio`, clause by clause.

        A clause is fetched whole before any of it is yielded, so a slow listener keeps
        no process from the next caller.

        Raises:
            VoiceVendorError: If the language is unknown, the text too long, or the
                process gone or silent.
        """
        manner = MANNERS.get(language)
        if manner is None or len(text) > _LONGEST_TEXT:
            raise VoiceVendorError(VENDOR, is_permanent=True)
        for part in _PART_ENDS.split(text.strip()):
            if part:
                for piece in await self._say(part, manner):
                    yield piece

    async def _say(self, text: str, manner: Manner) -> list[bytes]:
        """Return a clause's sound; a process that fails is replaced by the next.

        Raises:
            VoiceVendorError: If all fail, and the first that was started anew.
        """
        for _ in range(_SIZE):
            try:
                return await self._say_once(text, manner)
            except VoiceVendorError as error:
                if error.is_permanent:
                    raise
        return await self._say_once(text, manner)

    async def _say_once(self, text: str, manner: Manner) -> list[bytes]:
        try:
            async with asyncio.timeout(_WAIT_S):
                child = await self._idle.get()
        except TimeoutError:
            raise VoiceVendorError(VENDOR) from None
        order = {
            "text": text,
            "voice": self._voice or manner.voice,
            "rate": manner.rate,
            "pitch": manner.pitch,
            "range": manner.range,
        }
        try:
            child.send(Kind.SAY, json.dumps(order).encode())
            pieces = await _pieces(child)
        except BaseException:  # also when cancelled: sound may still be on its way
            self._replace(child)
            raise
        self._idle.put_nowait(child)
        return pieces

    def _replace(self, child: Child) -> None:
        if child in self._all:
            self._all.discard(child)
            child.kill()
            self._keeper.ask()

    async def _add(self) -> None:
        child = await Child.start(VENDOR, _MODULE)
        self._all.add(child)
        self._idle.put_nowait(child)


async def _pieces(child: Child) -> list[bytes]:
    pieces: list[bytes] = []
    while True:
        message = await child.receive(within_s=_HANG_S)
        if message.kind is Kind.DONE:
            return pieces
        pieces.append(message.body)
