"""Vendors that answer at once: what is left of a turn's time is ours.

The ear hears words without listening, the brain answers every turn with one sentence,
the voice's sound is there at once. Everything between them is the product's own.
"""

import os
from collections.abc import AsyncIterator, Sequence
from typing import Final

import numpy as np

from sondervoice.vendors import FirstVendors, LastResort, Vendors, put_together
from telephony.voice.dialogue import Expecting, Slot
from telephony.voice.frames import SAMPLE_RATE_HZ
from telephony.voice.ports import (
    CallerSaid,
    CallOpened,
    Hearing,
    Moment,
    Piece,
    Recognised,
    Say,
    Tools,
)

GREETING_MS: Final = 1_000
PIECE_MS: Final = 200
ANSWER: Final = "We have a place on Tuesday at ten, would that suit you?"


class ScriptedEar:
    """A `Hearing` and the `SpeechToText` that opens it."""

    name = "scripted"
    languages = frozenset({"en"})

    async def open(self, *, language: str) -> Hearing:
        """Return an ear."""
        return ScriptedEar()

    def feed(self, pcm: bytes) -> None:
        """Let the sound go by."""

    def expect(self, expecting: Expecting, *, offered: Sequence[Slot]) -> None:
        """Expect nothing."""

    async def finish(
        self,
        expecting: Expecting,
        *,
        offered: Sequence[Slot],
    ) -> Recognised:
        """Return the words at once."""
        return Recognised(text="i would like to come on tuesday", is_sure=True)

    async def close(self) -> None:
        """Hold nothing."""


class ScriptedBrain:
    """A `LanguageModel` that answers every turn with one sentence."""

    name = "scripted"

    async def reply(
        self,
        moment: Moment,
        tools: Tools,
    ) -> AsyncIterator[Piece]:
        """Yield the answer at once."""
        if isinstance(moment.happening, CallOpened):
            yield Say(
                text="This call is recorded.",
                is_interruptible=False,
                is_disclosure=True,
            )
        elif isinstance(moment.happening, CallerSaid):
            yield Say(text=ANSWER)


class ScriptedVoice:
    """A `TextToSpeech` whose sound is made beforehand."""

    name = "scripted"

    def __init__(self, answer_ms: int) -> None:
        """Speak for so long at each answer."""
        self._greeting = _hum(GREETING_MS)
        self._answer = _hum(answer_ms)

    async def speak(self, text: str, *, language: str) -> AsyncIterator[bytes]:
        """Yield the sound in pieces of 200 ms, as streaming vendors do."""
        sound = self._answer if text == ANSWER else self._greeting
        step = PIECE_MS * SAMPLE_RATE_HZ // 1000 * 2
        for start in range(0, len(sound), step):
            yield sound[start : start + step]


class ScriptedVendors:
    """Starts and stops them, as the media process wants it.

    They stand where a vendor would, with failover around them, and where the on-device
    ones would, so that these take no time and no memory. ``BENCH_ANSWER_MS`` says how
    long an answer's sound is.
    """

    async def start(self) -> Vendors:
        """Return the vendors; the speech detector is the product's."""
        ear = ScriptedEar()
        voice = ScriptedVoice(int(os.environ["BENCH_ANSWER_MS"]))
        first = FirstVendors(
            speech_to_text=ear, language=ScriptedBrain(), text_to_speech=voice
        )
        last = LastResort(speech_to_text=ear, text_to_speech=voice)
        return await put_together(first, last)

    async def stop(self) -> None:
        """Hold nothing."""


def _hum(length_ms: int) -> bytes:
    """Return a sound of two tones, audible from its first sample on."""
    time = np.arange(length_ms * SAMPLE_RATE_HZ // 1000) / SAMPLE_RATE_HZ
    wave = np.cos(2 * np.pi * 220 * time) + 0.5 * np.cos(2 * np.pi * 660 * time)
    return (wave * 6_000).astype("<i2").tobytes()
