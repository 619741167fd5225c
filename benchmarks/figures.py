"""A figure beside its goal and its floor, as it is printed and kept."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, Final

_MEASURED: Final = "measured"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One thing that was measured.

    Attributes:
        value: None when it could not be measured; `note` says why.
        goal: What we want; None for a figure that only explains another.
        floor: What we must have; None where the goal is it.
        more_is_better: Whether the goal is a least or a most.
        detail: All that it was made of.
    """

    name: str
    value: float | None
    unit: str = ""
    goal: float | None = None
    floor: float | None = None
    more_is_better: bool = False
    note: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """Return ``goal``, ``floor``, ``BELOW``, or that there is nothing to judge."""
        if self.value is None:
            return "not measured"
        if self.goal is None:
            return ""
        if self._reaches(self.goal):
            return "goal"
        if self.floor is not None and self._reaches(self.floor):
            return "floor"
        return "BELOW"

    def _reaches(self, limit: float) -> bool:
        if self.value is None:
            return False
        return self.value >= limit if self.more_is_better else self.value <= limit


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as Markdown."""
    rows = [("what", "measured", "goal", "floor", "")]
    for figure in figures:
        measured = "-" if figure.value is None else f"{figure.value:g} {figure.unit}"
        goal, floor = (_limit(figure, x) for x in (figure.goal, figure.floor))
        said = " · ".join(word for word in (figure.verdict, figure.note) if word)
        rows.append((figure.name, measured.strip(), goal, floor, said))
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|---|---|---|---|---|", *lines[1:]])


def as_json(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """Return the figures with their verdicts."""
    return [asdict(figure) | {"verdict": figure.verdict} for figure in figures]


def middle(values: Sequence[float]) -> float:
    """Return the median to three digits."""
    return float(f"{median(values):.3g}")


def spread(values: Sequence[float]) -> list[float]:
    """Return the least and the most to three digits."""
    return [float(f"{value:.3g}") for value in (min(values), max(values))]


def part_of(values: Sequence[float], percent: int) -> float:
    """Return the value that `percent` of them do not exceed, to a tenth."""
    ordered = sorted(values)
    place = -(-len(ordered) * percent // 100) - 1
    return round(ordered[max(0, place)], 1)


def _limit(figure: Figure, limit: float | None) -> str:
    if limit is None:
        return ""
    return f"{'≥' if figure.more_is_better else '≤'} {limit:g} {figure.unit}".strip()
