"""The judge of barge-in on labelled sound, as figures; see `benchmarks.barge_in`."""

from benchmarks import barge_in
from benchmarks.figures import Figure


def measure() -> list[Figure]:
    """Return how soon words stop us, and how often a murmur or a noise does."""
    seen = barge_in.measure()
    words, murmurs, noises = (
        seen[f"all {kind}"] for kind in ("words", "murmurs", "noises")
    )
    unseen = seen["word unseen"]
    others = murmurs["calls"] + noises["calls"]
    false = murmurs["false"] + noises["false"]
    return [
        Figure(
            name="barge-in, onset to `clear`, p99",
            value=words["p99_ms"],
            unit="ms",
            goal=300,
            note=f"{words['calls']} words; p50 {words['p50_ms']:g}, never tuned on: "
            f"p99 {unseen['p99_ms']:g}",
            detail=seen,
        ),
        Figure(
            name="false barge-ins on noise and “mm-hm”",
            value=round(100 * false / others, 1),
            unit="%",
            goal=2,
            note=f"{false} of {others}",
        ),
    ]
