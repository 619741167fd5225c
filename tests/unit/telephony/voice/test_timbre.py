import numpy as np
import pytest

from telephony.voice.background import Background
from telephony.voice.timbre import BANDS, INPUTS, Timbre, bands


def tone(hz: float, *, loud: float = 8_000) -> bytes:
    wave = loud * np.sin(2 * np.pi * hz * np.arange(160) / 8_000)
    return wave.astype("<i2").tobytes()


class TestBands:
    @pytest.mark.parametrize(("hz", "band"), [(150, 0), (1_000, 6), (3_500, 13)])
    def test_hears_a_tone_where_it_is(self, hz: float, band: int) -> None:
        assert int(bands(tone(hz)).argmax()) == band

    def test_makes_something_finite_of_digital_silence(self) -> None:
        heard = bands(b"\0" * 320)

        assert heard.shape == (BANDS,)
        assert heard.tolist() == pytest.approx([np.log10(2)] * BANDS)


class TestTimbre:
    def tell(self, timbre: Timbre, pcm: bytes) -> list[float]:
        told = timbre.tell(
            pcm, loudness=500, probability=0.5, background=Background()
        ).tolist()
        assert len(told) == INPUTS
        return told

    def test_tells_the_same_of_a_loud_and_a_quiet_tone(self) -> None:
        loud = self.tell(Timbre(), tone(1_000))
        quiet = self.tell(Timbre(), tone(1_000, loud=2_000))

        assert int(np.argmax(loud[:BANDS])) == 6
        assert loud[6] == quiet[6] == 1.0

    def test_tells_what_follows_beside_the_loudest_until_it_begins_anew(self) -> None:
        timbre = Timbre()
        self.tell(timbre, tone(1_000, loud=8_000))

        beside = self.tell(timbre, tone(1_000, loud=800))[6]
        timbre.begin()
        anew = self.tell(timbre, tone(1_000, loud=800))[6]

        assert beside == pytest.approx(1 - (2 - 0.03) / 2, abs=0.01)
        assert anew == 1.0
