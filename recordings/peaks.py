"""How loud each side was, for the picture of a recording (pure)."""

from typing import Final

from recordings.spool import PIECE_MS, TICK_BYTES, TICK_MS, Piece
from telephony.voice.pcm import FROM_G711, root_mean_square

BARS_AT_MOST: Final = 150
_LOUDEST: Final = 8_000
_TICKS: Final = PIECE_MS // TICK_MS

Bar = list[int] | None


class Peaks:
    """Collects loudness tick by tick.

    Attributes:
        ticks: How many ticks of 20 ms were added.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._sides: list[tuple[int, int] | None] = []

    @property
    def ticks(self) -> int:
        """Return the length in ticks."""
        return len(self._sides)

    def add(self, piece: Piece) -> None:
        """Add half a second."""
        for tick in range(_TICKS):
            place = slice(tick * TICK_BYTES, (tick + 1) * TICK_BYTES)
            is_kept = piece.kept >> tick & 1
            self._sides.append(
                (_loudness(piece.caller[place]), _loudness(piece.agent[place]))
                if is_kept
                else None
            )

    def bars(self) -> list[Bar]:
        """Return at most 150 bars of [caller, agent], 0 to 100; None: nothing kept."""
        width = max(1, -(-len(self._sides) // BARS_AT_MOST))
        return [
            _bar(self._sides[start : start + width])
            for start in range(0, len(self._sides), width)
        ]


def _bar(sides: list[tuple[int, int] | None]) -> Bar:
    kept = [side for side in sides if side is not None]
    if not kept:
        return None
    return [max(side[0] for side in kept), max(side[1] for side in kept)]


def _loudness(mu_law: bytearray) -> int:
    loudness = root_mean_square(FROM_G711["PCMU"](bytes(mu_law), 2), 2)
    return min(100, loudness * 100 // _LOUDEST)
