"""Whether time tells a known address from an unknown one.

Two hundred tries each, in turns, each with an address of its own and from a client of
its own, so that no counter is in the way; the hash takes no time, so that a difference
of a query shows. Status and length are compared as well.
"""

import math
from statistics import median
from typing import Final

import numpy as np

from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.serving import HOST, BrokenError, command_of, free_port
from benchmarks.visitor import FORGET_ME, RESET, SIGN_IN, Answer, Visitor

TRIES: Final = 200
WARM_UP: Final = 40
DIFFERS_AT_MOST_MS: Final = 5.0
SURE_AT_LEAST: Final = 0.01
# Each form takes what it knows of these.
_OTHER_FIELDS: Final = {"password": "not the password", "kind": "erase"}


def measure(bench: Bench) -> list[Figure]:
    """Return the difference of the medians at each of the three forms."""
    people = bench.ask_rows("people", str(TRIES + WARM_UP), "md5")
    port = free_port()
    environment = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.sign_in_settings",
        "ALLOWED_HOSTS": HOST,
    }
    arguments = command_of("web", "sondervoice.asgi:application", port)
    with bench.server(arguments, port, environment, name="web"):
        return [
            *_compared("sign-in", Visitor(port, SIGN_IN), "login", people["emails"]),
            *_compared("reset", Visitor(port, RESET), "email", people["emails"]),
            *_compared(
                "forget me", Visitor(port, FORGET_ME), "email", people["emails"]
            ),
        ]


def _compared(
    what: str, visitor: Visitor, field: str, known: list[str]
) -> list[Figure]:
    seen: tuple[list[Answer], list[Answer]] = ([], [])
    for number, email in enumerate(known):
        # As long as the known one, so that a page that repeats it is as long.
        pair = (email, email.replace("bench", "other"))
        # Each goes first as often as the other.
        for which in (0, 1) if number % 2 else (1, 0):
            client = f"10.{which}.{number // 250}.{number % 250}"
            form = {field: pair[which], **_OTHER_FIELDS}
            seen[which].append(visitor.send(client=client, **form))
    if len({(one.status, one.length) for one in (*seen[0], *seen[1])}) != 1:
        raise BrokenError(f"{what}: status or length tells them apart")
    times = [[one.took_ms for one in some[WARM_UP:]] for some in seen]
    differs = abs(median(times[0]) - median(times[1]))
    p = mann_whitney(times[0], times[1])
    return [
        Figure(
            name=f"{what}, known and unknown address apart",
            value=round(differs, 3),
            unit="ms",
            goal=DIFFERS_AT_MOST_MS,
            note=f"medians {median(times[0]):.2f} and {median(times[1]):.2f} of "
            f"{TRIES} each",
            detail={"known_ms": times[0], "unknown_ms": times[1]},
        ),
        Figure(
            name=f"{what}, Mann-Whitney's p of the same",
            value=round(p, 3),
            goal=SURE_AT_LEAST,
            more_is_better=True,
        ),
    ]


def mann_whitney(ours: list[float], theirs: list[float]) -> float:
    """Return how likely such ranks are if both come from the same: two-sided.

    By the normal approximation, which is near enough from twenty on; measured times
    have no ties to speak of.
    """
    both = np.array(ours + theirs)
    ranks = both.argsort().argsort() + 1
    n, m = len(ours), len(theirs)
    u = float(ranks[:n].sum()) - n * (n + 1) / 2
    deviation = math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(u - n * m / 2) / deviation / math.sqrt(2))
