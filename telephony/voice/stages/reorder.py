"""Puts the carrier's frames back in order.

The carrier does not promise the order of media frames; it numbers them. A frame that is
early waits for the ones before it, but never for longer than the window.

Next: `telephony.voice.stages.decode`.
"""

from collections.abc import Callable
from typing import Final

from telephony.voice.frames import FRAME_MS, Encoded, Frame

# A number further ahead than a minute is no frame of this stream: a socket that lost a
# minute of sound is long closed, and one wild number must not make all others late.
MOST_AHEAD: Final = 60_000 // FRAME_MS


class Reorder:
    """Emits encoded frames in rising order of their number; other frames pass.

    Attributes:
        late: Frames that came after their place was given up, or came twice.
        duplicate: Frames that came twice while the first was waiting.
        wild: Frames whose number is too far ahead to be true.
        missing: Numbers that were given up.
    """

    name = "reorder"

    def __init__(self, *, window_ms: int = 60, first_chunk: int = 1) -> None:
        """Wait for a missing frame while at most `window_ms` of later sound is here.

        Args:
            first_chunk: The carrier's number of the first frame of a stream.
        """
        self.late = 0
        self.duplicate = 0
        self.wild = 0
        self.missing = 0
        self._most_held = window_ms // FRAME_MS
        self._next = first_chunk
        self._held: dict[int, Encoded] = {}

    def handle(self, frame: Frame, emit: Callable[[Frame], None]) -> None:
        """Emit what is in order now; a frame that is early waits."""
        if type(frame) is not Encoded:
            emit(frame)
            return
        chunk = frame.chunk
        if chunk == self._next and not self._held:
            self._next = chunk + 1
            emit(frame)
            return
        if self._is_welcome(chunk):
            self._held[chunk] = frame
            self._emit_in_order(emit)

    def flush(self, emit: Callable[[Frame], None]) -> None:
        """Emit what still waits; for the end of a call."""
        while self._held:
            self._give_up_gap()
            self._emit_in_order(emit)

    def _is_welcome(self, chunk: int) -> bool:
        if chunk < self._next:
            self.late += 1
            return False
        if chunk in self._held:
            self.duplicate += 1
            return False
        if chunk - self._next > MOST_AHEAD:
            self.wild += 1
            return False
        return True

    def _emit_in_order(self, emit: Callable[[Frame], None]) -> None:
        while self._held:
            if self._next in self._held:
                frame = self._held.pop(self._next)
                self._next += 1
                emit(frame)
            elif len(self._held) > self._most_held:
                self._give_up_gap()
            else:
                return

    def _give_up_gap(self) -> None:
        earliest = min(self._held)
        self.missing += earliest - self._next
        self._next = earliest
