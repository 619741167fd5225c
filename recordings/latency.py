"""How long each answer took, as a chart (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from telephony.models import Turn

LIMIT_MS: Final = 1200
FLOOR: Final = 78
TALLEST: Final = 64
LABELLED_AT_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class TurnBar:
    """One turn: its bar, and its parts in seconds for the table."""

    number: int
    x: str
    middle: str
    width: str
    y: int
    height: int
    is_slow: bool
    is_labelled: bool
    waited: str
    thought: str
    whole: str


@dataclass(frozen=True, slots=True)
class Latency:
    """The chart.

    Attributes:
        limit_y: Where the line of `LIMIT_MS` stands.
        middle: The median (nearest rank), as ``0.61``.
        slowest: The longest.
    """

    bars: list[TurnBar]
    limit_y: int
    middle: str
    slowest: str
    is_within: bool


def draw_latency(turns: Sequence[Turn]) -> Latency | None:
    """Return the chart of the turns that were answered, or None when none was."""
    answered = [
        (turn, turn.answered_ms - turn.quiet_ms)
        for turn in turns
        if turn.answered_ms is not None and turn.answered_ms >= turn.quiet_ms
    ]
    if not answered:
        return None
    spans = sorted(span for _, span in answered)
    top = max(spans[-1], LIMIT_MS)
    step = max(1, -(-len(answered) // LABELLED_AT_MOST))
    bars = [
        _bar(turn, span, place=place, count=len(answered), top=top, step=step)
        for place, (turn, span) in enumerate(answered)
    ]
    return Latency(
        bars=bars,
        limit_y=FLOOR - round(TALLEST * LIMIT_MS / top),
        middle=_seconds(_median(spans)),
        slowest=_seconds(spans[-1]),
        is_within=spans[-1] <= LIMIT_MS,
    )


def _bar(
    turn: Turn, span: int, *, place: int, count: int, top: int, step: int
) -> TurnBar:
    room = 100 / count
    width = min(room * 0.72, 8)
    middle = room * (place + 0.5)
    height = max(round(TALLEST * span / top), 1)
    return TurnBar(
        number=turn.number,
        x=f"{middle - width / 2:.2f}%",
        middle=f"{middle:.2f}%",
        width=f"{width:.2f}%",
        y=FLOOR - height,
        height=height,
        is_slow=span > LIMIT_MS,
        is_labelled=place % step == 0,
        waited=_seconds(max(turn.decided_ms - turn.quiet_ms, 0)),
        thought=_seconds(max((turn.answered_ms or 0) - turn.decided_ms, 0)),
        whole=_seconds(span),
    )


def _median(spans: Sequence[int]) -> int:
    """Return the nearest rank, as the API's p50 has it."""
    return spans[(len(spans) - 1) // 2]


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.2f}"
