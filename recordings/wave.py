"""The picture of a call's sound: caller above the line, receptionist below (pure).

Places are percent of the width and pixels of height, so the picture needs no script and
its words never stretch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MIDDLE: Final = 59
REACH: Final = 53
GAP: Final = 2
THIN: Final = 0.62
QUIET: Final = 2

Peak = Sequence[int] | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `at` is its stretch's place in the recording, 0 to 1."""

    who: str
    x: str
    width: str
    y: int
    height: int
    at: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which nothing was recorded."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Wave:
    """All of the picture."""

    bars: list[Bar]
    gaps: list[Gap]


def draw_wave(peaks: Sequence[Peak]) -> Wave:
    """Return bars and gaps for the loudness pairs (caller, agent) of 0 to 100.

    A stretch without a pair is a gap; gaps that touch become one.
    """
    bars: list[Bar] = []
    gaps: list[tuple[int, int]] = []
    for number, pair in enumerate(peaks):
        if pair is None:
            if gaps and gaps[-1][1] == number:
                gaps[-1] = (gaps[-1][0], number + 1)
            else:
                gaps.append((number, number + 1))
            continue
        bars.extend(_bars(number, pair, len(peaks)))
    shown = [
        Gap(_percent(first, len(peaks)), _percent(last - first, len(peaks)))
        for first, last in gaps
    ]
    return Wave(bars, shown)


def _bars(number: int, pair: Sequence[int], count: int) -> list[Bar]:
    x, width = _percent(number, count), f"{THIN * 100 / count:.2f}%"
    at = f"{number / count:.4f}"
    up, down = (round(REACH * min(level, 100) / 100) for level in pair)
    bars = []
    if pair[0] > QUIET:
        bars.append(Bar("person", x, width, MIDDLE - GAP - up, max(up, 1), at))
    if pair[1] > QUIET:
        bars.append(Bar("machine", x, width, MIDDLE + GAP, max(down, 1), at))
    return bars


def _percent(part: float, whole: int) -> str:
    return f"{part * 100 / whole:.2f}%"


def place(at_ms: int, duration_ms: int) -> str:
    """Return where an instant stands, in percent of the width."""
    share = min(at_ms / duration_ms, 1.0) if duration_ms else 0.0
    return f"{share * 100:.2f}%"
