"""What it costs a request that it sees one clinic alone.

A transaction with one query, beside the same within a clinic's scope; and beside all
that a page does before its view runs: whose session, which clinic, what they may.
"""

import json
import subprocess
import sys
from statistics import median
from typing import Final

from benchmarks.bench import Bench
from benchmarks.figures import Figure, spread

AT_MOST_MS: Final = 0.3


def measure(bench: Bench) -> list[Figure]:
    """Return what a scope adds, and what finding the actor adds."""
    people = bench.ask_rows("people", "1", "md5")
    command = [sys.executable, "-m", "benchmarks.tenant_turns", people["emails"][0]]
    core = bench.server_core
    done = subprocess.run(
        command if core is None else ["taskset", "-c", str(core), *command],
        capture_output=True,
        check=True,
        text=True,
    )
    seen = json.loads(done.stdout)
    plain = seen["plain"]
    return [
        _figure("tenant context of a request", plain, seen["scope"], goal=AT_MOST_MS),
        _figure("the same with who asks and what they may", plain, seen["actor"]),
    ]


def _figure(
    name: str, plain: list[float], ours: list[float], *, goal: float | None = None
) -> Figure:
    added = sorted(own - bare for bare, own in zip(plain, ours, strict=True))
    quarter = len(added) // 4
    return Figure(
        name=name,
        value=round(median(added), 3),
        unit="ms",
        goal=goal,
        note=f"beside a transaction of {median(plain):.2f} ms; the middle half "
        f"{spread(added[quarter:-quarter])}",
    )
