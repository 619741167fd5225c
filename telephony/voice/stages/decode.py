"""Turns the carrier's G.711 bytes into sound.

Next: `telephony.voice.stages.detect_speech`.
"""

from collections.abc import Callable
from typing import Final

from telephony.voice.frames import FRAME_BYTES, FRAME_MS, Audio, Encoded, Frame
from telephony.voice.pcm import FROM_G711

_FRAME_SAMPLES: Final = FRAME_BYTES // 2
_SAMPLES_A_MS: Final = _FRAME_SAMPLES // FRAME_MS

# One message of the carrier is 20 ms; a second of sound at once is no live call.
MOST_SAMPLES: Final = 8_000


class Decode:
    """Emits `Audio` of exactly 20 ms for `Encoded` of any length; other frames pass.

    A payload that is not 160 bytes is cut into frames; what is left over waits for the
    next payload, and is filled up with silence when the next does not follow on.

    Attributes:
        cut: Samples dropped from payloads longer than one second.
    """

    name = "decode"

    def __init__(self, encoding: str) -> None:
        """Decode ``PCMU`` or ``PCMA``.

        Raises:
            ValueError: If `encoding` is neither.
        """
        if encoding not in FROM_G711:
            raise ValueError(f"No such encoding: {encoding!r}")
        self.cut = 0
        self._decode = FROM_G711[encoding]
        self._left_over = b""
        self._left_over_at_ms = 0

    def handle(self, frame: Frame, emit: Callable[[Frame], None]) -> None:
        """Emit the sound of this frame."""
        if type(frame) is not Encoded:
            emit(frame)
        elif len(frame.payload) == _FRAME_SAMPLES and not self._left_over:
            emit(Audio(pcm=self._decode(frame.payload, 2), at_ms=frame.at_ms))
        else:
            self._handle_odd_length(frame, emit)

    def _handle_odd_length(self, frame: Encoded, emit: Callable[[Frame], None]) -> None:
        payload = frame.payload
        if len(payload) > MOST_SAMPLES:
            self.cut += len(payload) - MOST_SAMPLES
            payload = payload[:MOST_SAMPLES]
        pcm = self._decode(payload, 2)
        at_ms = frame.at_ms
        if self._left_over and self._follows_on(at_ms):
            pcm, at_ms = self._left_over + pcm, self._left_over_at_ms
        elif self._left_over:
            padded = self._left_over.ljust(FRAME_BYTES, b"\0")
            emit(Audio(pcm=padded, at_ms=self._left_over_at_ms))
        whole = len(pcm) - len(pcm) % FRAME_BYTES
        for start in range(0, whole, FRAME_BYTES):
            emit(Audio(pcm=pcm[start : start + FRAME_BYTES], at_ms=at_ms))
            at_ms += FRAME_MS
        self._left_over = pcm[whole:]
        self._left_over_at_ms = at_ms

    def _follows_on(self, at_ms: int) -> bool:
        left_ms = len(self._left_over) // 2 // _SAMPLES_A_MS
        return abs(at_ms - self._left_over_at_ms - left_ms) < FRAME_MS
