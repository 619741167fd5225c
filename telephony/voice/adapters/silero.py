"""Silero's neural voice activity, one session for all calls of the process.

The windows of all calls wait until `SharedSilero.flush` (the process's 20 ms tick) and
are inferred together: 17 µs a window instead of 56. The model is a file of the wheel
`silero-vad`, read as data; the package itself is never imported.

Input: 32 samples of the window before in front of 256 new ones, at 8 kHz, and the state
``[2, calls, 128]``.
"""

from collections import deque
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

MODEL: Final = "silero_vad/data/silero_vad.onnx"
WINDOW_SAMPLES: Final = 256
CONTEXT_SAMPLES: Final = 32
_WINDOW_BYTES: Final = WINDOW_SAMPLES * 2

# A call that is not flushed in time loses its oldest windows; 8 are a quarter second.
_MOST_WAITING: Final = 8
_MOST_AT_ONCE: Final = 64

# After exact zeros the model needs 100 ms more to notice speech; faint noise cures it.
_DITHER: Final = 8 / 32_768

_RATE: Final = np.array(8_000, dtype=np.int64)

Floats = NDArray[np.float32]


class SharedSilero:
    """One model for every call of the process; not for use from several threads."""

    def __init__(self, *, flush_at: int = _MOST_AT_ONCE) -> None:
        """Load the model from its wheel.

        Args:
            flush_at: Windows that may wait before they are inferred unasked.

        Raises:
            importlib.metadata.PackageNotFoundError: If the wheel is not installed.
        """
        self._session = _open_session()
        self._flush_at = flush_at
        self._ready: list[SileroActivity] = []
        self._free: list[int] = []
        self._state: Floats = np.zeros((2, 0, 128), dtype=np.float32)
        self._context: Floats = np.zeros((0, CONTEXT_SAMPLES), dtype=np.float32)
        noise = np.random.default_rng(0).normal(0, _DITHER, (64, WINDOW_SAMPLES))
        self._dither: Floats = noise.astype(np.float32)
        self._grow(16)

    def open(self) -> "SileroActivity":
        """Return the activity of one more call; `close` gives its place back."""
        if not self._free:
            self._grow(len(self._context))
        place = self._free.pop()
        self.forget(place)
        return SileroActivity(self, place)

    def flush(self) -> None:
        """Infer every window that waits and tell each call its probability."""
        while self._ready:
            now, later = self._ready[:_MOST_AT_ONCE], self._ready[_MOST_AT_ONCE:]
            self._infer(now, b"".join([call.windows.popleft() for call in now]))
            self._ready = later + [call for call in now if call.windows]

    def await_flush(self, call: "SileroActivity") -> None:
        """Take note that `call` has its first window waiting."""
        self._ready.append(call)
        if len(self._ready) >= self._flush_at:
            self.flush()

    def withdraw(self, call: "SileroActivity") -> None:
        """Take note that `call` has no window waiting any more."""
        self._ready.remove(call)

    def forget(self, place: int) -> None:
        """Start the call at `place` from silence."""
        self._state[:, place] = 0.0
        self._context[place] = 0.0

    def give_back(self, place: int) -> None:
        """Let another call have `place`."""
        self._free.append(place)

    def _grow(self, by: int) -> None:
        known = len(self._context)
        self._state = np.concatenate(
            (self._state, np.zeros((2, by, 128), np.float32)), axis=1
        )
        self._context = np.concatenate(
            (self._context, np.zeros((by, CONTEXT_SAMPLES), np.float32))
        )
        self._free.extend(range(known, known + by))

    def _infer(self, calls: "list[SileroActivity]", windows: bytes) -> None:
        places = [call.place for call in calls]
        samples = np.frombuffer(windows, dtype="<i2").astype(np.float32)
        samples *= np.float32(1 / 32_768)
        new: Floats = samples.reshape(-1, WINDOW_SAMPLES)
        new += self._dither[: len(new)]
        sound = np.concatenate((self._context[places], new), axis=1)
        given = {"input": sound, "state": self._state[:, places], "sr": _RATE}
        output, state = self._session.run(None, given)
        self._state[:, places] = state
        self._context[places] = new[:, -CONTEXT_SAMPLES:]
        for call, probability in zip(calls, output[:, 0].tolist(), strict=True):
            call.probability = probability


class SileroActivity:
    """How likely one caller is speaking, as `telephony.voice.activity.Activity`."""

    def __init__(self, shared: SharedSilero, place: int) -> None:
        """Belong to `shared`, whose `open` makes this."""
        self.probability = 0.0
        self.windows: deque[bytes] = deque(maxlen=_MOST_WAITING)
        self.place = place
        self._shared = shared
        self._pending = b""
        self._is_fresh = True
        self._is_closed = False

    def feed(self, pcm: bytes) -> None:
        """Take 20 ms of sound; the probability follows at the next flush."""
        self._is_fresh = False
        pending = self._pending + pcm
        if len(pending) >= _WINDOW_BYTES:
            self.windows.append(pending[:_WINDOW_BYTES])
            pending = pending[_WINDOW_BYTES:]
            if len(self.windows) == 1:
                self._shared.await_flush(self)
        self._pending = pending

    def rest(self) -> None:
        """Take note of silence: what was heard no longer counts."""
        if self._is_fresh:
            return
        self._is_fresh = True
        self._pending = b""
        self.probability = 0.0
        self._drop_windows()
        self._shared.forget(self.place)

    def close(self) -> None:
        """Give the place back; closing twice is harmless."""
        if not self._is_closed:
            self._is_closed = True
            self._drop_windows()
            self._shared.give_back(self.place)

    def _drop_windows(self) -> None:
        if self.windows:
            self.windows.clear()
            self._shared.withdraw(self)


def _open_session() -> Any:  # onnxruntime has no types
    options = onnxruntime.SessionOptions()
    # One thread: the calls share one core with the loop, and threads that spin for
    # work would take what they save.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    model = Path(str(distribution("silero-vad").locate_file(MODEL)))
    return onnxruntime.InferenceSession(
        model, sess_options=options, providers=["CPUExecutionProvider"]
    )
