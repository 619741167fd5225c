import numpy as np
import pytest

from telephony.voice.adapters.ondevice.resample import Resampler


def _tone(hz: float, rate_hz: int, seconds: float = 0.5) -> bytes:
    places = np.arange(int(rate_hz * seconds)) / rate_hz
    return (10_000 * np.sin(2 * np.pi * hz * places)).astype("<i2").tobytes()


def _middle(pcm: bytes) -> np.ndarray:
    samples = np.frombuffer(pcm, dtype="<i2").astype(float)
    return samples[len(samples) // 4 : -len(samples) // 4]


def _all(resampler: Resampler, pcm: bytes) -> bytes:
    return resampler.feed(pcm) + resampler.finish()


class TestResampler:
    @pytest.mark.parametrize(("from_hz", "to_hz"), [(22_050, 8_000), (8_000, 16_000)])
    def test_keeps_a_tone_its_strength_and_its_place(
        self, from_hz: int, to_hz: int
    ) -> None:
        turned = _all(Resampler(from_hz=from_hz, to_hz=to_hz), _tone(1_000, from_hz))

        wanted = np.frombuffer(_tone(1_000, to_hz), dtype="<i2")[: len(turned) // 2]
        assert np.abs(_middle(turned) - _middle(wanted.tobytes())).max() < 60

    def test_removes_what_the_lower_rate_cannot_carry(self) -> None:
        turned = _all(Resampler(from_hz=22_050, to_hz=8_000), _tone(5_000, 22_050))

        assert np.abs(_middle(turned)).max() <= 10

    def test_makes_as_much_sound_as_it_got(self) -> None:
        turned = _all(Resampler(from_hz=22_050, to_hz=8_000), bytes(2 * 22_050))

        assert abs(len(turned) // 2 - 8_000) <= 2

    def test_joins_pieces_as_if_they_had_been_whole(self) -> None:
        pcm = _tone(700, 22_050)
        whole = _all(Resampler(from_hz=22_050, to_hz=8_000), pcm)

        pieces = Resampler(from_hz=22_050, to_hz=8_000)
        joined = b"".join(
            pieces.feed(pcm[i : i + 314]) for i in range(0, len(pcm), 314)
        )

        assert joined + pieces.finish() == whole

    def test_begins_anew_after_the_end(self) -> None:
        resampler = Resampler(from_hz=8_000, to_hz=16_000)
        pcm = _tone(300, 8_000)

        assert _all(resampler, pcm) == _all(resampler, pcm)
