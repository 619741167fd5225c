"""Turns the sound of a sentence into the carrier's G.711 frames.

The last stage: what it emits is paced out to the carrier.
"""

from collections.abc import Callable
from typing import Final

from telephony.voice.frames import FRAME_BYTES, FRAME_MS, Encoded, Frame, Spoken
from telephony.voice.pcm import TO_G711

_FRAME_SAMPLES: Final = FRAME_BYTES // 2


class Encode:
    """Emits `Encoded` of 160 bytes for `Spoken` of any length; other frames pass.

    Sound that does not fill a frame waits for the next piece of the same sentence and
    is filled up with silence at its last. After the last frame of a sentence its
    `Spoken` follows with empty sound and `is_last` set: there the mark belongs.
    """

    name = "encode"

    def __init__(self, encoding: str) -> None:
        """Encode to ``PCMU`` or ``PCMA``.

        Raises:
            ValueError: If `encoding` is neither.
        """
        if encoding not in TO_G711:
            raise ValueError(f"No such encoding: {encoding!r}")
        self._encode = TO_G711[encoding]
        self._left_over = b""
        self._sentence = 0
        self._chunk = 0

    def handle(self, frame: Frame, emit: Callable[[Frame], None]) -> None:
        """Emit the whole frames there are now; `at_ms` counts the sound sent so far."""
        if type(frame) is not Spoken:
            emit(frame)
            return
        if frame.saying.number != self._sentence:
            # The sentence before was cut off by the caller: its rest is void.
            self._left_over = b""
            self._sentence = frame.saying.number
        pcm = self._left_over + frame.pcm if self._left_over else frame.pcm
        whole = len(pcm) - len(pcm) % FRAME_BYTES
        self._left_over = pcm[whole:]
        self._emit_frames(pcm[:whole], emit)
        if frame.is_last:
            self._finish(frame, emit)

    def _finish(self, frame: Spoken, emit: Callable[[Frame], None]) -> None:
        # An odd byte at the very end is half a sample: no sound.
        rest = self._left_over[: len(self._left_over) // 2 * 2]
        self._left_over = b""
        if rest:
            self._emit_frames(rest.ljust(FRAME_BYTES, b"\0"), emit)
        emit(Spoken(pcm=b"", saying=frame.saying, is_last=True))

    def _emit_frames(self, pcm: bytes, emit: Callable[[Frame], None]) -> None:
        encoded = self._encode(pcm, 2)
        for start in range(0, len(encoded), _FRAME_SAMPLES):
            self._chunk += 1
            payload = encoded[start : start + _FRAME_SAMPLES]
            at_ms = (self._chunk - 1) * FRAME_MS
            emit(Encoded(payload=payload, chunk=self._chunk, at_ms=at_ms))
