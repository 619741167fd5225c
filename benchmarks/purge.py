"""The night's purge, beside a plain batched DELETE of the same rows and files."""

import json
import subprocess
import sys
from typing import Final

from benchmarks.figures import Figure, middle, spread

CALLS: Final = 20_000
GOAL, FLOOR = 0.8, 0.5
# Both are of one process: a purge that kept what it had erased would show here.
MEMORY_GOAL_MB: Final = 20


def measure(*, pairs: int, calls: int = CALLS) -> list[Figure]:
    """Return the ratio of calls a second, and how much memory many take beyond few."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.purging", str(calls), str(pairs)],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    seen = json.loads(done.stdout)
    ratios = [
        plain / ours for ours, plain in zip(seen["ours"], seen["plain"], strict=True)
    ]
    ours_a_second, plain_a_second = (
        round(calls / middle(seen[which])) for which in ("ours", "plain")
    )
    return [
        Figure(
            name="calls purged a second / plain batched DELETE",
            value=middle(ratios),
            unit="x",
            goal=GOAL,
            floor=FLOOR,
            more_is_better=True,
            note=f"{spread(ratios)} of {pairs} pairs of {calls} calls; "
            f"{ours_a_second} and {plain_a_second} calls/s",
            detail=seen,
        ),
        Figure(
            name="memory of a purge beyond that of a small one",
            value=seen["peak_mb"] - seen["small_mb"],
            unit="MB",
            goal=MEMORY_GOAL_MB,
            note=f"{calls} calls against 1000; {seen['peak_mb']} MB at most",
        ),
    ]
