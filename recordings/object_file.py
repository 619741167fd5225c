"""A recording at rest: 64 KB of sound a piece, each sealed for its place (pure).

The plain text is mu-law, caller and ours interleaved by 20 ms tick (160 + 160 bytes),
so that any moment is found by arithmetic. The last piece says that it is the last: a
file that was cut does not open.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from compliance.keys.call_sealer import CallSealer
from compliance.keys.sealing import OVERHEAD_BYTES, PieceSealer, Place, unseal

TICK_BYTES: Final = 320
# The most whole ticks within 64 KB.
PIECE_BYTES: Final = 65_536 // TICK_BYTES * TICK_BYTES
SEALED_PIECE_BYTES: Final = PIECE_BYTES + OVERHEAD_BYTES


def seal_pieces(
    plain: Iterable[bytes], sealer: CallSealer
) -> Iterator[tuple[bytes, bytes]]:
    """Yield sealed pieces of the sound, which may come in parts of any length.

    Each is two parts, to be written one by one: joined it would be copied once more.
    """
    pieces = PieceSealer(sealer.key, _place(sealer, 0, is_last=False))
    waiting = bytearray()
    number = 0
    for part in plain:
        waiting += part
        while len(waiting) > PIECE_BYTES:
            piece = bytes(waiting[:PIECE_BYTES])
            yield pieces.seal(piece, piece=number, is_last=False)
            del waiting[:PIECE_BYTES]
            number += 1
    yield pieces.seal(bytes(waiting), piece=number, is_last=True)


def open_piece(
    sealed: bytes, sealer: CallSealer, *, number: int, is_last: bool
) -> bytes:
    """Return one piece's sound.

    Raises:
        SealBrokenError: If it was changed, moved, or the file was cut.
    """
    return unseal(sealer.key, sealed, _place(sealer, number, is_last=is_last))


def _place(sealer: CallSealer, number: int, *, is_last: bool) -> Place:
    return Place(
        sealer.organization_id,
        "recordings_recording",
        "sound",
        sealer.call_id,
        piece=number,
        is_last=is_last,
    )
