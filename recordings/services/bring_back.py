"""Bring stored sound back into a spool that came after it.

A line may write its last second when the call's sound is stored already. Stored by
itself that second would take the place of all the rest.
"""

from collections.abc import Iterator
from typing import Final

from compliance.keys.call_sealer import CallSealer
from recordings.models import Recording
from recordings.object_file import PIECE_BYTES, TICK_BYTES, open_piece
from recordings.spool import PIECE_MS, SILENCE, TICK_MS, TICKS, Piece, Spool
from recordings.stored_pieces import fetch_pieces

_TICKS_A_PIECE: Final = PIECE_BYTES // TICK_BYTES
_HALF_SECOND_BYTES: Final = TICKS * TICK_BYTES
_SIDE_BYTES: Final = TICK_BYTES // 2


def bring_back(recording: Recording, spool: Spool, sealer: CallSealer) -> None:
    """Write what is stored into the gaps of the spool, which is held.

    It may be killed anywhere and run again. A piece that the spool has, if only in
    part, stays as it is there: what was taken out of it must not come back.

    Raises:
        SealBrokenError: If the stored file was changed.
        FileNotFoundError: If it is not there, and the spool has not all of it either.
    """
    try:
        for piece in _stored(recording, sealer):
            if not spool.has(piece.number):
                spool.write(piece)
    except FileNotFoundError:
        if not spool.has(max(0, recording.duration_ms - 1) // PIECE_MS):
            raise
        # Killed after all was brought back, between the old object and the new one.


def _stored(recording: Recording, sealer: CallSealer) -> Iterator[Piece]:
    last = max(0, (recording.duration_ms // TICK_MS - 1) // _TICKS_A_PIECE)
    waiting, number = bytearray(), 0
    for at, sealed in enumerate(fetch_pieces(recording, 0, last)):
        waiting += open_piece(sealed, sealer, number=at, is_last=at == last)
        while len(waiting) >= _HALF_SECOND_BYTES:
            yield _piece(number, bytes(waiting[:_HALF_SECOND_BYTES]))
            del waiting[:_HALF_SECOND_BYTES]
            number += 1


def _piece(number: int, plain: bytes) -> Piece:
    """Return half a second as the spool has it; silence on both sides was not kept."""
    piece = Piece.silent(number)
    for tick in range(TICKS):
        both = plain[tick * TICK_BYTES : (tick + 1) * TICK_BYTES]
        place = slice(tick * _SIDE_BYTES, (tick + 1) * _SIDE_BYTES)
        piece.caller[place] = both[:_SIDE_BYTES]
        piece.agent[place] = both[_SIDE_BYTES:]
        if both != SILENCE * TICK_BYTES:
            piece.kept |= 1 << tick
    return piece
