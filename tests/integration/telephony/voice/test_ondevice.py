import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest
import pytest_asyncio

from telephony.voice.adapters.ondevice import mouth as mouth_module
from telephony.voice.adapters.ondevice.ear import OnDeviceEar
from telephony.voice.adapters.ondevice.mouth import OnDeviceMouth
from telephony.voice.dialogue import Expecting
from telephony.voice.frames import FRAME_BYTES
from telephony.voice.ports import Hearing, VoiceVendorError

# An ear takes seconds to start: the tests share one, on one loop.
pytestmark = pytest.mark.asyncio(loop_scope="module")

_PAUSE = bytes(FRAME_BYTES * 20)


@pytest.fixture(scope="module")
def ear_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ear")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ear(ear_cache: Path) -> AsyncIterator[OnDeviceEar]:
    ear = OnDeviceEar(ear_cache, workers=1)
    await ear.start()
    yield ear
    await ear.stop()


@asynccontextmanager
async def _speaking() -> AsyncIterator[OnDeviceMouth]:
    mouth = OnDeviceMouth(voice="en-us")
    await mouth.start()
    yield mouth
    await mouth.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def caller() -> AsyncIterator[OnDeviceMouth]:
    async with _speaking() as mouth:
        yield mouth


@pytest_asyncio.fixture(loop_scope="module")
async def frail() -> AsyncIterator[OnDeviceMouth]:
    """One that a test may break."""
    async with _speaking() as mouth:
        yield mouth


async def _sound(mouth: OnDeviceMouth, text: str, *, language: str = "en") -> bytes:
    pieces = [piece async for piece in mouth.speak(text, language=language)]
    return _PAUSE + b"".join(pieces) + _PAUSE


def _feed(hearing: Hearing, pcm: bytes) -> None:
    for start in range(0, len(pcm), FRAME_BYTES):
        hearing.feed(pcm[start : start + FRAME_BYTES])


class TestEarAndMouth:
    @pytest.mark.parametrize(
        ("expecting", "sentence", "words"),
        [
            (
                Expecting.INTENT,
                "I'd like to book an appointment for a check up please.",
                "i'd like to book an appointment for a check up please",
            ),
            (Expecting.WHEN, "Tomorrow morning please.", "tomorrow morning please"),
            (Expecting.YES_NO, "Yes please.", "yes please"),
            (Expecting.CLOSING, "No thank you.", "no thank you"),
        ],
    )
    async def test_hears_what_was_spoken(
        self,
        ear: OnDeviceEar,
        caller: OnDeviceMouth,
        expecting: Expecting,
        sentence: str,
        words: str,
    ) -> None:
        hearing = await ear.open(language="en")
        _feed(hearing, await _sound(caller, sentence))

        heard = await hearing.finish(expecting, offered=())

        assert (heard.text, heard.is_sure) == (words, True)

    async def test_hears_the_same_live_as_at_once(
        self, ear: OnDeviceEar, caller: OnDeviceMouth
    ) -> None:
        hearing = await ear.open(language="en")
        pcm = await _sound(caller, "Tomorrow afternoon please.")
        _feed(hearing, pcm)
        at_once = await hearing.finish(Expecting.WHEN, offered=())

        hearing.expect(Expecting.WHEN, offered=())
        _feed(hearing, pcm)
        live = await hearing.finish(Expecting.WHEN, offered=())

        assert live == at_once
        assert live.text == "tomorrow afternoon please"

    async def test_passes_an_emergency_on_in_every_state(
        self, ear: OnDeviceEar, caller: OnDeviceMouth
    ) -> None:
        hearing = await ear.open(language="en")
        _feed(hearing, await _sound(caller, "I have a really bad pain in my chest."))

        heard = await hearing.finish(Expecting.PHONE, offered=())

        assert any(
            "pain in my chest" in text for text in (heard.text, *heard.alternatives)
        )
        assert not heard.is_sure

    async def test_serves_five_callers_at_once(
        self, ear: OnDeviceEar, caller: OnDeviceMouth
    ) -> None:
        pcm = await _sound(caller, "Yes please.")
        hearings = [await ear.open(language="en") for _ in range(5)]
        for hearing in hearings:
            _feed(hearing, pcm)

        heard = await asyncio.gather(
            *(hearing.finish(Expecting.YES_NO, offered=()) for hearing in hearings)
        )

        assert [words.text for words in heard] == ["yes please"] * 5


class TestOnDeviceEar:
    async def test_refuses_a_language_it_does_not_know(self, ear: OnDeviceEar) -> None:
        with pytest.raises(VoiceVendorError) as refused:
            await ear.open(language="de")

        assert refused.value.is_permanent

    async def test_understands_nothing_where_nothing_was_said(
        self, ear: OnDeviceEar
    ) -> None:
        hearing = await ear.open(language="en")

        assert (await hearing.finish(Expecting.YES_NO, offered=())).text == ""

    @pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
    async def test_says_so_when_a_process_dies_or_hangs_and_recovers(
        self, ear: OnDeviceEar, caller: OnDeviceMouth, blow: signal.Signals
    ) -> None:
        hearing = await ear.open(language="en")
        hearing.expect(Expecting.YES_NO, offered=())
        pcm = await _sound(caller, "Yes please.")
        _feed(hearing, pcm[: len(pcm) // 2])
        os.kill(ear.pids[0], blow)
        _feed(hearing, pcm[len(pcm) // 2 :])

        with pytest.raises(VoiceVendorError):
            await hearing.finish(Expecting.YES_NO, offered=())

        _feed(hearing, pcm)
        heard = await hearing.finish(Expecting.YES_NO, offered=())
        assert heard.text == "yes please"

    async def test_gives_its_ear_back_when_a_call_ends_in_the_middle(
        self, ear: OnDeviceEar, caller: OnDeviceMouth
    ) -> None:
        pcm = await _sound(caller, "Yes please.")
        gone = await ear.open(language="en")
        gone.expect(Expecting.YES_NO, offered=())
        _feed(gone, pcm)
        await gone.close()
        await gone.close()

        hearing = await ear.open(language="en")
        _feed(hearing, pcm)
        assert (await hearing.finish(Expecting.YES_NO, offered=())).text == "yes please"

    async def test_leaves_no_process_behind(self, ear_cache: Path) -> None:
        ear = OnDeviceEar(ear_cache, workers=1)
        await ear.start()
        pids = ear.pids

        await ear.stop()
        await ear.stop()

        assert len(pids) == 2
        assert not any(psutil.pid_exists(pid) for pid in pids)


class TestOnDeviceMouth:
    @pytest.mark.parametrize(
        ("language", "sentence"),
        [
            ("en", "Good morning. How can I help you?"),
            ("de", "Guten Morgen. Wie kann ich Ihnen helfen?"),
            ("fr", "Bonjour. Comment puis-je vous aider ?"),
            ("es", "Buenos días. ¿En qué puedo ayudarle?"),
        ],
    )
    async def test_speaks_each_language_for_some_seconds(
        self, language: str, sentence: str
    ) -> None:
        mouth = OnDeviceMouth()
        await mouth.start()
        pcm = await _sound(mouth, sentence, language=language)
        await mouth.stop()

        samples = np.frombuffer(pcm, dtype="<i2").astype(float)
        assert 1.5 < len(samples) / 8_000 < 6
        assert np.abs(samples).max() > 5_000

    async def test_speaks_five_sentences_at_once(self, caller: OnDeviceMouth) -> None:
        sounds = await asyncio.gather(*(_sound(caller, "Hello.") for _ in range(5)))

        assert all(len(sound) > 2 * len(_PAUSE) for sound in sounds)

    async def test_refuses_a_language_it_does_not_speak(
        self, caller: OnDeviceMouth
    ) -> None:
        with pytest.raises(VoiceVendorError) as refused:
            await _sound(caller, "Ciao.", language="it")

        assert refused.value.is_permanent

    @pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
    async def test_speaks_on_when_its_processes_die_or_hang(
        self, frail: OnDeviceMouth, monkeypatch: pytest.MonkeyPatch, blow: int
    ) -> None:
        monkeypatch.setattr(mouth_module, "_HANG_S", 0.2)
        for pid in frail.pids:
            os.kill(pid, blow)

        assert len(await _sound(frail, "Hello.")) > 2 * len(_PAUSE)

    async def test_says_so_when_no_process_can_be_had(
        self, frail: OnDeviceMouth, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(mouth_module, "_WAIT_S", 0.05)
        for _ in frail.pids:
            frail._idle.get_nowait()

        with pytest.raises(VoiceVendorError):
            await _sound(frail, "Hello.")

    async def test_leaves_no_process_behind(self) -> None:
        mouth = OnDeviceMouth()
        await mouth.start()
        pids = mouth.pids

        await mouth.stop()
        await mouth.stop()

        assert len(pids) == 2
        assert not any(psutil.pid_exists(pid) for pid in pids)
