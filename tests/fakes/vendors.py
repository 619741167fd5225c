"""Vendors with a script: what they say and when, and how they fail.

Delays are seconds of the running loop, so that a loop of its own time costs none.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from telephony.voice.dialogue import Expecting, Slot
from telephony.voice.ports import (
    Moment,
    Piece,
    Recognised,
    Tools,
    VoiceVendorError,
)

FOREVER_S = 1e9
# 20 ms of a square wave loud enough for every gate.
LOUD = (b"\x00\x20" * 8 + b"\x00\xe0" * 8) * 10


@dataclass(slots=True)
class Fault:
    """How a vendor fails: after a while, and with which error; ``None`` hangs."""

    after_s: float = 0.0
    error: Exception | None = None


def broken(*, permanent: bool = False) -> Fault:
    """Return a vendor's plain refusal."""
    return Fault(error=VoiceVendorError("scripted", is_permanent=permanent))


def hanging() -> Fault:
    """Return no answer at all."""
    return Fault()


async def _meet(fault: Fault) -> None:
    await asyncio.sleep(fault.after_s if fault.error else FOREVER_S)
    raise fault.error or AssertionError("waited for ever")


@dataclass(slots=True)
class ScriptedEar:
    """A `SpeechToText` and its own `Hearing`: hears the next of its words each time.

    Attributes:
        words: What is heard, utterance by utterance; then nothing is understood.
        faults: What `finish` meets instead, first to last; None: nothing.
        fed: Bytes of each utterance, in order.
    """

    words: deque[str | Recognised] = field(default_factory=deque)
    delay_s: float = 0.0
    faults: deque[Fault | None] = field(default_factory=deque)
    open_fault: Fault | None = None
    name: str = "scripted-ear"
    languages: frozenset[str] = frozenset({"en", "de", "fr"})
    fed: list[int] = field(default_factory=list)
    expected: list[Expecting] = field(default_factory=list)
    is_closed: bool = False
    _now: int = 0

    async def open(self, *, language: str) -> "ScriptedEar":
        if self.open_fault is not None:
            await _meet(self.open_fault)
        return self

    def feed(self, pcm: bytes) -> None:
        self._now += len(pcm)

    def expect(self, expecting: Expecting, *, offered: Sequence[Slot]) -> None:
        self.expected.append(expecting)

    async def finish(
        self, expecting: Expecting, *, offered: Sequence[Slot]
    ) -> Recognised:
        self.fed.append(self._now)
        self._now = 0
        fault = self.faults.popleft() if self.faults else None
        if fault is not None:
            await _meet(fault)
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        heard = self.words.popleft() if self.words else ""
        if isinstance(heard, Recognised):
            return heard
        return Recognised(text=heard, is_sure=bool(heard))

    async def close(self) -> None:
        self.is_closed = True


@dataclass(slots=True)
class ScriptedEars:
    """A `SpeechToText` with an ear for each language it knows.

    Attributes:
        delay_s: How long opening one takes.
        opened: The languages that were asked for.
    """

    ears: dict[str, ScriptedEar]
    delay_s: float = 0.0
    name: str = "scripted-ears"
    opened: list[str] = field(default_factory=list)

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(self.ears)

    async def open(self, *, language: str) -> ScriptedEar:
        self.opened.append(language)
        await asyncio.sleep(self.delay_s)
        if language not in self.ears:
            raise VoiceVendorError(self.name, is_permanent=True)
        return self.ears[language]


Answer = Callable[[Moment], Iterable[Piece]]


@dataclass(slots=True)
class ScriptedBrain:
    """A `LanguageModel` that answers each moment with the pieces of a function.

    Attributes:
        faults: What the next replies meet instead, before their first piece.
        stall_after: Hang after so many pieces of each reply.
        moments: What it was asked.
    """

    answer: Answer
    delay_s: float = 0.0
    between_s: float = 0.0
    faults: deque[Fault | None] = field(default_factory=deque)
    stall_after: int | None = None
    name: str = "scripted-brain"
    moments: list[Moment] = field(default_factory=list)

    async def reply(self, moment: Moment, tools: Tools) -> AsyncIterator[Piece]:
        self.moments.append(moment)
        fault = self.faults.popleft() if self.faults else None
        if fault is not None:
            await _meet(fault)
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        for number, piece in enumerate(self.answer(moment)):
            if number == self.stall_after:
                await _meet(hanging())
            if number and self.between_s:
                await asyncio.sleep(self.between_s)
            yield piece

    @property
    def happenings(self) -> list[Any]:
        """Return what it was told of, in order."""
        return [moment.happening for moment in self.moments]


@dataclass(slots=True)
class ScriptedVoice:
    """A `TextToSpeech` that speaks a loud tone, so long for each letter.

    Attributes:
        ms_a_letter: Length of the sound; a sentence is whole frames of 20 ms.
        stall_after: Hang after so many pieces of 100 ms.
        said: Sentences begun, in order.
    """

    ms_a_letter: int = 20
    delay_s: float = 0.0
    faults: deque[Fault | None] = field(default_factory=deque)
    stall_after: int | None = None
    name: str = "scripted-voice"
    said: list[str] = field(default_factory=list)

    async def speak(self, text: str, *, language: str) -> AsyncIterator[bytes]:
        self.said.append(text)
        fault = self.faults.popleft() if self.faults else None
        if fault is not None:
            await _meet(fault)
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        frames = max(1, len(text) * self.ms_a_letter // 20)
        for number, start in enumerate(range(0, frames, 5)):
            if number == self.stall_after:
                await _meet(hanging())
            yield LOUD * min(5, frames - start)


class ScriptedActivity:
    """An `Activity` that is sure of speech whenever what it is fed is loud."""

    def __init__(self) -> None:
        self.probability = 0.0
        self.is_closed = False

    def feed(self, pcm: bytes) -> None:
        self.probability = 0.95 if max(pcm[1::2]) else 0.0

    def rest(self) -> None:
        self.probability = 0.0

    def close(self) -> None:
        self.is_closed = True


class ScriptedActivities:
    """A `SharedActivity` of them."""

    def open(self) -> ScriptedActivity:
        return ScriptedActivity()

    def flush(self) -> None:
        """Be up to date already."""
