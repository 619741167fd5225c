"""G.711 from its definition, apart from the product's own, so that both can be wrong
only by themselves.

Source:
    ITU-T G.711 (1988), tables 1 and 2; levels scaled to 16 bits.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]


def _mu_law(code: int) -> int:
    sent = code ^ 0xFF
    segment, step = sent >> 4 & 7, sent & 15
    size = (((2 * step + 33) << segment) - 33) * 4
    return -size if sent & 0x80 else size


def _a_law(code: int) -> int:
    sent = code ^ 0x55
    segment, step = sent >> 4 & 7, sent & 15
    size = 2 * step + 1 if segment == 0 else (2 * step + 33) << (segment - 1)
    return size * 8 if sent & 0x80 else -size * 8


class G711:
    """One of the two laws: 8 bits a sample at 8 000 Hz, 16-bit PCM on our side."""

    def __init__(self, name: str) -> None:
        law = {"PCMU": _mu_law, "PCMA": _a_law}[name]
        self.name = name
        self._levels = np.array([law(code) for code in range(256)], dtype=np.int16)
        self._codes = np.argsort(self._levels, kind="stable").astype(np.uint8)
        ordered = self._levels[self._codes].astype(np.int32)
        self._borders = (ordered[:-1] + ordered[1:]) / 2

    def encode(self, pcm: bytes) -> bytes:
        """Return the nearest code of each sample."""
        samples = np.frombuffer(pcm, dtype="<i2")
        nearest = np.searchsorted(self._borders, samples)
        return self._codes[nearest].tobytes()

    def decode(self, payload: bytes) -> bytes:
        """Return 16-bit little-endian PCM, two bytes a code."""
        codes = np.frombuffer(payload, dtype=np.uint8)
        return self._levels[codes].astype("<i2").tobytes()


LAWS: Final = {name: G711(name) for name in ("PCMU", "PCMA")}


def is_loud(pcm: bytes, *, level: int = 250) -> bool:
    """Return whether somebody speaks in this piece of sound."""
    samples = np.frombuffer(pcm, dtype="<i2")
    return samples.size > 0 and float(np.abs(samples.astype(np.int32)).mean()) > level
