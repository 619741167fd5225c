import numpy as np

from telephony.voice.adapters.ondevice.front_end import FrontEnd

_PCM = (3_000 * np.sin(np.arange(8_000) * 0.5)).astype("<i2").tobytes()


def _cepstra(front: FrontEnd, step: int) -> np.ndarray:
    pieces = [front.feed(_PCM[i : i + step]) for i in range(0, len(_PCM), step)]
    return np.concatenate((*pieces, front.finish()))


class TestFrontEnd:
    def test_makes_thirteen_cepstra_every_ten_milliseconds(self) -> None:
        assert _cepstra(FrontEnd(warp=1.0, noise_lsb=50), len(_PCM)).shape == (98, 13)

    def test_joins_pieces_as_if_they_had_been_whole(self) -> None:
        whole = _cepstra(FrontEnd(warp=1.0, noise_lsb=0), len(_PCM))
        pieces = _cepstra(FrontEnd(warp=1.0, noise_lsb=0), 320)

        assert np.allclose(whole, pieces)

    def test_is_the_same_for_the_same_sound_after_a_reset(self) -> None:
        front = FrontEnd(warp=0.95, noise_lsb=50)
        first = _cepstra(front, 320)
        front.reset()

        assert np.array_equal(first, _cepstra(front, 320))

    def test_makes_nothing_of_no_sound(self) -> None:
        front = FrontEnd(warp=1.0, noise_lsb=50)

        assert front.feed(b"").shape == (0, 13)
        assert front.finish().shape == (0, 13)
