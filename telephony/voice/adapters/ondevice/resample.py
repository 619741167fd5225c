"""Change the rate of sound in pieces, with a low-pass so that nothing folds back.

A polyphase windowed-sinc filter; the tail of each piece is kept for the next, so the
pieces join as if the sound had been whole.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

_PASS: Final = 0.92  # of the lower Nyquist; leaves room for the slope
_ZERO_CROSSINGS: Final = 16
_KAISER_BETA: Final = 8.0  # about 80 dB down outside


class Resampler:
    """Turns mono 16-bit little-endian PCM at one rate into the same at another."""

    def __init__(self, *, from_hz: int, to_hz: int) -> None:
        common = math.gcd(from_hz, to_hz)
        self._up, self._down = to_hz // common, from_hz // common
        cutoff = _PASS * 0.5 / max(self._up, self._down)
        half = _ZERO_CROSSINGS * max(self._up, self._down)
        places = np.arange(-half, half + 1)
        sinc = 2 * cutoff * np.sinc(2 * cutoff * places)
        taps = sinc * np.kaiser(len(places), _KAISER_BETA) * self._up
        width = -(-len(taps) // self._up)
        padded = np.zeros(width * self._up)
        padded[: len(taps)] = taps
        # Row p holds the taps that meet real samples when the output falls on phase p.
        self._phases = padded.reshape(width, self._up).T[:, ::-1].copy()
        self._width = width
        self._half = half
        self.reset()

    def reset(self) -> None:
        """Forget the sound so far."""
        self._kept = np.zeros(self._width - 1)
        # In units of 1/up sample: where the next output lies, counted from the first
        # kept sample's successor; starting at `half` cancels the filter's delay.
        self._place = self._half

    def feed(self, pcm: bytes) -> bytes:
        """Return all sound at the new rate that this piece makes certain."""
        new = np.frombuffer(pcm, dtype="<i2").astype(np.float64)
        return self._convert(new)

    def finish(self) -> bytes:
        """Return the rest, and start anew."""
        tail = self._convert(np.zeros(-(-self._half // self._up)))
        self.reset()
        return tail

    def _convert(self, new: NDArray[np.float64]) -> bytes:
        have = np.concatenate((self._kept, new))
        places = np.arange(self._place, len(new) * self._up, self._down)
        first = places // self._up
        windows = np.lib.stride_tricks.sliding_window_view(have, self._width)
        out = np.einsum("ij,ij->i", windows[first], self._phases[places % self._up])
        self._place += len(places) * self._down - len(new) * self._up
        self._kept = have[len(have) - self._width + 1 :]
        pcm = np.clip(np.rint(out), -32768, 32767).astype("<i2")
        return bytes(pcm.tobytes())
