import sys

import numpy as np
import pytest

from telephony.voice.adapters.silero import SharedSilero


def hiss(seed: int) -> bytes:
    return np.random.default_rng(seed).normal(0, 2_000, 160).astype("<i2").tobytes()


def buzz(at: int) -> bytes:
    time = (np.arange(160) + at * 160) / 8_000
    pitch = 120 + 15 * np.sin(2 * np.pi * 3 * time)
    wave = sum(np.sin(2 * np.pi * k * pitch * time) / k for k in range(1, 25))
    return (wave * 3_000).astype("<i2").tobytes()


@pytest.fixture(scope="module")
def shared() -> SharedSilero:
    return SharedSilero(flush_at=1_000)


class TestSharedSilero:
    def test_never_imports_the_package_the_model_comes_in(
        self, shared: SharedSilero
    ) -> None:
        assert "silero_vad" not in sys.modules

    def test_knows_nothing_before_the_flush(self, shared: SharedSilero) -> None:
        call = shared.open()
        for at in range(4):
            call.feed(buzz(at))
        assert call.probability == 0.0

        shared.flush()

        assert call.probability > 0.0
        call.close()

    def test_hears_no_voice_in_a_hiss(self, shared: SharedSilero) -> None:
        call = shared.open()
        for at in range(50):
            call.feed(hiss(at))
            shared.flush()

        assert call.probability < 0.1
        call.close()

    def test_hears_each_call_as_if_it_were_alone(self, shared: SharedSilero) -> None:
        alone = shared.open()
        for at in range(30):
            alone.feed(buzz(at))
            shared.flush()

        calls = [shared.open() for _ in range(40)]
        for at in range(30):
            for number, call in enumerate(calls):
                call.feed(buzz(at) if number == 0 else hiss(number * 100 + at))
            shared.flush()

        # The dither differs from row to row of a batch, and a batch rounds otherwise.
        assert calls[0].probability == pytest.approx(alone.probability, abs=0.02)
        for call in [alone, *calls]:
            call.close()

    def test_forgets_when_it_rests(self, shared: SharedSilero) -> None:
        call, fresh = shared.open(), shared.open()
        for at in range(30):
            call.feed(buzz(at))
        call.rest()
        assert call.probability == 0.0

        for at in range(4):
            call.feed(hiss(at))
            fresh.feed(hiss(at))
        shared.flush()

        assert call.probability == pytest.approx(fresh.probability, abs=0.02)
        call.close()
        fresh.close()

    def test_flushes_unasked_when_enough_windows_wait(self) -> None:
        shared = SharedSilero(flush_at=2)
        calls = [shared.open(), shared.open()]

        for call in calls:
            call.feed(buzz(0))
            call.feed(buzz(1))

        assert all(call.probability > 0.0 for call in calls)

    def test_keeps_no_more_than_a_quarter_second_of_a_call_not_flushed(
        self, shared: SharedSilero
    ) -> None:
        call = shared.open()

        for at in range(500):
            call.feed(hiss(at))

        assert len(call.windows) == 8
        call.close()

    def test_gives_a_closed_call_s_place_to_the_next(
        self, shared: SharedSilero
    ) -> None:
        call = shared.open()
        call.feed(buzz(0))
        call.feed(buzz(1))

        call.close()
        call.close()

        following = shared.open()
        assert following.place == call.place
        assert shared.open().place != call.place
        shared.flush()
        assert following.probability == 0.0
