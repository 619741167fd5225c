"""What 20 ms sound like: how loud each of 14 bands is, and what was there before.

A telephone carries 300 to 3400 Hz, so bands lie from 80 to 3800 Hz, each as wide as an
ear hears (the mel scale). 5 µs a frame.
"""

from math import log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

from telephony.voice.background import Background
from telephony.voice.frames import SAMPLE_RATE_HZ

Floats = NDArray[np.float32]

BANDS: Final = 14
INPUTS: Final = BANDS + 3

_SAMPLES: Final = 160
_LOWEST_HZ: Final = 80.0
_HIGHEST_HZ: Final = 3_800.0
_BIN_HZ: Final = 50

# Far below comfort noise (16-bit steps squared); digital silence has no logarithm.
_NOTHING: Final = np.float32(2.0)

# In tens of dB: bands are told beside the loudest of the call's last seconds, which is
# forgotten by 0.3 dB a frame, and 45 dB below it nothing is told apart.
_FORGETS: Final = 0.03
_FAINTEST: Final = np.float32(-4.5)


def _mel(hz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(2_595 * np.log10(1 + np.asarray(hz) / 700))


def _waves() -> tuple[Floats, Floats]:
    """Return cosines and sines under a window, for the first half of a frame.

    A cosine about the middle of the frame is the same in both halves, a sine is its
    opposite; so the frame is folded first. Half as much is multiplied, and the product
    stays below the size (9216) from which OpenBLAS wakes other threads for it.
    """
    time = np.arange(_SAMPLES // 2) - (_SAMPLES - 1) / 2
    turns = 2 * np.pi * np.outer(time, _bins_hz()) / SAMPLE_RATE_HZ
    window = np.hanning(_SAMPLES + 2)[1 : _SAMPLES // 2 + 1, None] / _SAMPLES
    cosines, sines = np.cos(turns) * window, np.sin(turns) * window
    return cosines.astype(np.float32), sines.astype(np.float32)


def _bins_hz() -> NDArray[np.float64]:
    return np.arange(100.0, _HIGHEST_HZ, _BIN_HZ)


def _triangles() -> Floats:
    """Return how much of each bin belongs to each band."""
    edges = np.linspace(_mel(_LOWEST_HZ), _mel(_HIGHEST_HZ), BANDS + 2)
    mel = _mel(_bins_hz())[:, None]
    rising = (mel - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - mel) / (edges[2:] - edges[1:-1])
    return np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)


_COSINES, _SINES = _waves()
_TRIANGLES: Final = _triangles()


def bands(pcm: bytes) -> Floats:
    """Return the power of each band of 20 ms, in tens of dB."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
    head, tail = samples[: _SAMPLES // 2], samples[: _SAMPLES // 2 - 1 : -1]
    even = (head + tail).dot(_COSINES)
    odd = (head - tail).dot(_SINES)
    power: Floats = (even * even + odd * odd).dot(_TRIANGLES)
    power += _NOTHING
    return np.log10(power, out=power)


class Timbre:
    """Describes one caller's sound, 20 ms by 20 ms, independent of how loud it is."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._loudest = 0.0
        self._told: Floats = np.zeros(INPUTS, dtype=np.float32)

    def begin(self) -> None:
        """Forget what was heard."""
        self._loudest = 0.0

    def tell(
        self, pcm: bytes, *, loudness: int, probability: float, background: Background
    ) -> Floats:
        """Return `INPUTS` figures of about -1 to 1; they last until the next call."""
        told, heard = self._told, bands(pcm)
        self._loudest = loudest = max(self._loudest - _FORGETS, float(heard.max()))
        heard -= np.float32(loudest)
        np.maximum(heard, _FAINTEST, out=heard)
        heard *= np.float32(0.5)
        heard += np.float32(1.0)
        told[:BANDS] = heard
        told[BANDS] = 2 * probability - 1
        told[BANDS + 1] = _above(loudness, background.quietest, -0.5) - 1
        told[BANDS + 2] = _above(loudness, background.usual, -1.0) - 0.5
        return told


def _above(loudness: int, other: float, least: float) -> float:
    """Return by how many times 20 dB this is louder, within what is told apart."""
    return min(2.0, max(least, log10(max(1, loudness) / other)))
