"""The on-device ear: pocketsphinx in child processes, which must bear each other out.

It knows a narrow booking script in English and was tried on synthetic voices only; it
is the demo's ear and the last resort. See ``docs/ondevice.md`` for its figures.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pocketsphinx import get_model_path

from telephony.voice.adapters.ondevice.models import build_models
from telephony.voice.adapters.ondevice.offers import offer_rules, slot_words
from telephony.voice.adapters.ondevice.pair import VENDOR, Pair, Question
from telephony.voice.adapters.ondevice.pool import EarPool
from telephony.voice.adapters.ondevice.voting import vote
from telephony.voice.dialogue import Expecting, Slot
from telephony.voice.frames import SAMPLE_RATE_HZ
from telephony.voice.ports import Hearing, Recognised, VoiceVendorError

# 40 s: nobody answers a question for longer; what comes after is not listened to.
_UTTERANCE_BYTES: Final = 40 * SAMPLE_RATE_HZ * 2
_PIECE_BYTES: Final = SAMPLE_RATE_HZ * 2 // 10  # 0.1 s: five frames in one write


class OnDeviceEar:
    """Speech to text without key or network; one for the whole process.

    Args:
        cache_dir: Where the language models are kept between runs (about 4 MB).
        workers: How many callers can be decoded at the same moment; two processes
            each.
    """

    name = VENDOR
    languages = frozenset({"en"})

    def __init__(self, cache_dir: Path, workers: int = 2) -> None:
        self._cache_dir = cache_dir
        self._models = Path()
        self._pool = EarPool(lambda: Pair.start(self._models), size=workers)

    async def start(self) -> None:
        """Build the models if they are not cached and start all processes.

        Raises:
            VoiceVendorError: If a process does not start.
        """
        dictionary = Path(get_model_path("en-us/cmudict-en-us.dict"))
        models = await asyncio.to_thread(
            build_models, self._cache_dir, packaged_dictionary=dictionary
        )
        self._models = models.folder
        await self._pool.start()

    async def stop(self) -> None:
        """End all processes; stopping twice is harmless."""
        await self._pool.stop()

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of all child processes."""
        return self._pool.pids

    async def open(self, *, language: str) -> Hearing:
        """Return an ear for one call.

        Raises:
            VoiceVendorError: If the language is not English.
        """
        if language not in self.languages:
            raise VoiceVendorError(VENDOR, is_permanent=True)
        return OnDeviceHearing(self._pool)


class _Utterance:
    """The sound of one utterance, and the ear that follows it live, if any."""

    def __init__(self, pool: EarPool, question: Question | None) -> None:
        self.pcm = bytearray()
        self.question = question
        self._pool = pool
        self._sent = 0
        self.pair = pool.try_live(self._give_up) if question is not None else None
        if self.pair is not None and question is not None:
            self._tell(self.pair, question)

    def feed(self, pcm: bytes) -> None:
        """Keep the sound, and pass it on in pieces if an ear listens live."""
        self.pcm += pcm[: _UTTERANCE_BYTES - len(self.pcm)]
        if len(self.pcm) - self._sent >= _PIECE_BYTES:
            self._pass_on()

    def _pass_on(self) -> None:
        if self.pair is None:
            return
        try:
            self.pair.feed(bytes(self.pcm[self._sent :]))
        except VoiceVendorError:
            self._lose(self.pair)
        self._sent = len(self.pcm)

    def _tell(self, pair: Pair, question: Question) -> None:
        try:
            pair.listen(question)
        except VoiceVendorError:
            self._lose(pair)

    def _lose(self, pair: Pair) -> None:
        self._pool.replace(pair)
        self.pair = None

    def _give_up(self) -> None:
        self.pair = None

    def let_go(self) -> None:
        """Drop the utterance and give back the ear."""
        if self.pair is None:
            return
        try:
            self.pair.forget()
        except VoiceVendorError:
            self._lose(self.pair)
        else:
            self._pool.give_back(self.pair)
            self.pair = None

    async def finish(self, question: Question) -> Recognised:
        """Return the words; live ones only if the question was the right one."""
        pair, sent = self.pair, self._sent
        self.pair = None
        if pair is not None:
            self._pool.hold(pair)
        else:
            pair = await self._pool.take()
        try:
            if sent == 0 or question != self.question:
                pair.listen(question)
                sent = 0
            pair.feed(bytes(self.pcm[sent:]))
            readings = await pair.finish()
        except BaseException:  # also when cancelled: the ear is in the middle of it
            self._pool.replace(pair)
            raise
        self._pool.give_back(pair)
        return vote(readings, question.state, choices=question.choices)


class OnDeviceHearing:
    """One caller's ear; `expect` before the caller speaks makes the answer quick."""

    def __init__(self, pool: EarPool) -> None:
        """Listen with the ears of `pool`."""
        self._pool = pool
        self._question: Question | None = None
        self._utterance: _Utterance | None = None

    def expect(self, expecting: Expecting, *, offered: Sequence[Slot]) -> None:
        """Say what the next utterance will be asked for, so that it is heard live.

        A wrong guess costs time and nothing else: `finish` has the last word.
        """
        self._question = _question(expecting, offered)

    def feed(self, pcm: bytes) -> None:
        """Take sound of the running utterance (PCM as in `frames.Audio`); no wait."""
        if self._utterance is None:
            self._utterance = _Utterance(self._pool, self._question)
        self._utterance.feed(pcm)

    async def finish(
        self, expecting: Expecting, *, offered: Sequence[Slot]
    ) -> Recognised:
        """Return the words of all that was fed since the last call, and forget it.

        Raises:
            VoiceVendorError: If the ear broke or none became free in time.
        """
        utterance, self._utterance = self._utterance, None
        self._question = None
        if utterance is None or not utterance.pcm:
            return Recognised(text="", is_sure=False)
        return await utterance.finish(_question(expecting, offered))

    async def close(self) -> None:
        """Give back what the ear holds; closing twice is harmless."""
        utterance, self._utterance = self._utterance, None
        if utterance is not None:
            utterance.let_go()


def _question(expecting: Expecting, offered: Sequence[Slot]) -> Question:
    rules = offer_rules(offered) if expecting is Expecting.OFFER else {}
    choices = tuple(slot_words(slot) for slot in offered) if rules else ()
    return Question(state=expecting, offered=rules, choices=choices)
