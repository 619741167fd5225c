"""The recorder: a tap that lays both sides on one clock, piece by piece.

It is called on the loop of the media process and only copies; a thread writes.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from recordings.spool import (
    PIECE_MS,
    SILENCE,
    TICK_BYTES,
    TICK_MS,
    Piece,
    Spool,
)
from telephony.voice.frames import Audio
from telephony.voice.pcm import FROM_G711, TO_G711

Submit = Callable[[Callable[[], None]], None]

# The two sides' clocks differ by the way to the carrier and back: the piece before the
# newest stays open for the other side. With the newest that is a second at most.
_STAYS_OPEN: Final = 1
_RUNS_AHEAD: Final = 2


class CallRecorder:
    """Keeps one call's sound (`journal.Recorder`)."""

    def __init__(self, spool: Spool, *, encoding: str, submit: Submit) -> None:
        """Write to `spool` through `submit`, which runs work in order on a thread.

        Args:
            encoding: What `agent` is given: ``PCMU`` or ``PCMA``.
        """
        self._spool = spool
        self._submit = submit
        self._is_mu_law = encoding == "PCMU"
        self._open: dict[int, Piece] = {}
        self._first_open = 0
        self._heard_number: int | None = None

    def caller(self, frame: Audio) -> None:
        """Lay 20 ms of the caller down; pieces well before it are written."""
        number, tick = divmod(frame.at_ms // TICK_MS, PIECE_MS // TICK_MS)
        if number < self._first_open:
            return
        self._heard_number = number
        piece = self._piece(number)
        _lay(piece.caller, tick, TO_G711["PCMU"](frame.pcm, 2))
        piece.kept |= 1 << tick
        self._write_before(number - _STAYS_OPEN)

    def agent(self, payload: bytes, *, at_ms: int) -> None:
        """Lay 20 ms of ours down where they will be heard.

        A carrier sends the caller's silence too: where nothing at all has come for a
        second its socket is dead, and the call's next line keeps what follows.
        """
        number, tick = divmod(at_ms // TICK_MS, PIECE_MS // TICK_MS)
        if number < self._first_open or self._is_unheard(number):
            return
        if not self._is_mu_law:
            payload = TO_G711["PCMU"](FROM_G711["PCMA"](payload, 2), 2)
        piece = self._piece(number)
        _lay(piece.agent, tick, payload)
        piece.kept |= 1 << tick

    def hide(self, *, from_ms: int, to_ms: int) -> None:
        """Overwrite the caller's side of this stretch, written or not."""
        for number in range(max(0, from_ms) // PIECE_MS, to_ms // PIECE_MS + 1):
            piece = self._open.get(number)
            if piece is not None:
                _silence(piece, from_ms, to_ms)
            else:
                self._submit(partial(self._rewrite, number, from_ms, to_ms))

    def finish(self) -> None:
        """Write what is still open, and let go of the spool."""
        for number in sorted(self._open):
            self._write(self._open.pop(number))
        self._submit(self._spool.release)

    def _is_unheard(self, number: int) -> bool:
        heard = self._heard_number
        return heard is not None and number > heard + _RUNS_AHEAD

    def _piece(self, number: int) -> Piece:
        piece = self._open.get(number)
        if piece is None:
            piece = self._open[number] = Piece.silent(number)
        return piece

    def _write_before(self, number: int) -> None:
        if number <= self._first_open:
            return
        self._first_open = number
        for old in sorted(known for known in self._open if known < number):
            self._write(self._open.pop(old))

    def _write(self, piece: Piece) -> None:
        self._submit(partial(self._spool.write, piece))

    def _rewrite(self, number: int, from_ms: int, to_ms: int) -> None:
        try:
            piece = self._spool.read(number)
        except FileNotFoundError:
            return
        _silence(piece, from_ms, to_ms)
        self._spool.write(piece)


def _lay(side: bytearray, tick: int, payload: bytes) -> None:
    if len(payload) != TICK_BYTES:
        payload = payload[:TICK_BYTES].ljust(TICK_BYTES, SILENCE)
    start = tick * TICK_BYTES
    side[start : start + TICK_BYTES] = payload


def _silence(piece: Piece, from_ms: int, to_ms: int) -> None:
    """Silence the caller's ticks that touch the stretch, and mark them as not kept."""
    for tick in range(PIECE_MS // TICK_MS):
        at_ms = piece.number * PIECE_MS + tick * TICK_MS
        if from_ms - TICK_MS < at_ms <= to_ms:
            start = tick * TICK_BYTES
            piece.caller[start : start + TICK_BYTES] = SILENCE * TICK_BYTES
            piece.kept &= ~(1 << tick)
