"""The judge of barge-in on labelled sound, as figures; see `benchmarks.barge_in`."""

from benchmarks import barge_in
from benchmarks.figures import Figure


def measure() -> list[Figure]:
    """Return how soon words stop us, and how often a murmur or a noise does."""
    seen = barge_in.measure()
    words, murmurs, noises, at_once = (
        seen[name]
        for name in ("all words", "all murmurs", "all noises", "beyond: crowd at once")
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
            note=f"{words['calls']} words, none taught; p50 {words['p50_ms']:g}; of "
            f"{unseen['calls']} never looked at p50 {unseen['p50_ms']:g}, "
            f"p99 {unseen['p99_ms']:g}",
            detail=seen,
        ),
        Figure(
            name="false barge-ins on noise and “mm-hm”",
            value=round(100 * false / others, 1),
            unit="%",
            goal=2,
            note=f"{false} of {others}: murmurs {murmurs['false']} of "
            f"{murmurs['calls']}, noises {noises['false']} of {noises['calls']}",
        ),
        Figure(
            name="the same on six people who begin at once",
            value=at_once["false_percent"],
            unit="%",
            note=f"{at_once['false']} of {at_once['calls']}; not part of the above",
        ),
    ]
