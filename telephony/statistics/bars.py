"""A row of bars, as places in a picture (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

FLOOR: Final = 90
TALLEST: Final = 84
_FILLED: Final = 0.7
_WIDEST: Final = 6.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: x and width in per cent, y and height in pixels."""

    x: str
    width: str
    y: int
    height: int


def draw_bars(counts: Sequence[int]) -> list[Bar]:
    """Return a bar of each count, from left to right; the tallest is `TALLEST` high."""
    if not counts:
        return []
    room = 100 / len(counts)
    width, most = min(room * _FILLED, _WIDEST), max(counts)
    bars = []
    for number, count in enumerate(counts):
        height = max(round(TALLEST * count / most), 1)
        x = room * (number + 0.5) - width / 2
        bars.append(Bar(f"{x:.2f}%", f"{width:.2f}%", FLOOR - height, height))
    return bars
