"""How many calls one processor holds with voice activity on, and what each takes.

The knee is the most calls with no slip and with the 99th percentile of the delay at
most 20 ms over that at 10 calls. Our delay is how late a frame of our speech comes and
how long an answer takes; the bot says back what it hears, so its delay is that of a
frame's way there and back. A slip is a frame that comes when nothing is left to play,
or for the bot one that does not come at all.
"""

from itertools import pairwise
from typing import Final

from benchmarks.bench import TRIES, Bench, Step, is_disturbed
from benchmarks.caller_sound import Said
from benchmarks.figures import Figure
from benchmarks.frame_cpu import ANSWER_MS

FIRST: Final = 10
OUR_STEPS: Final = (10, 40, 80, 100, 120, 140, 160, 180, 200, 220, 240)
PEER_STEPS: Final = (10, 20, 26, 32, 38, 44, 50, 56, 62)
PEER_OPENS_A_SECOND: Final = 6.0
ADDED_AT_MOST_MS: Final = 20.0
# Of a hundred frames of the bot one may still be under way.
RETURNED_AT_LEAST: Final = 0.99
MEGABYTE: Final = 1_000_000


def measure(bench: Bench, said: Said) -> list[Figure]:
    """Return the ratio of both knees, and memory a call."""
    ours = _climb(bench, said)
    own = knee(ours)
    figures = [
        Figure(
            name="calls a core, ours, voice activity on",
            value=own,
            note=_why(ours, own),
            detail={"steps": ours},
        ),
        Figure(
            name="memory a call, ours",
            value=round(slope(ours) / MEGABYTE, 3),
            unit="MB",
            goal=1.0,
        ),
    ]
    theirs = None
    if bench.peer is not None:
        peers = _climb_peer(bench, said)
        theirs = knee(peers)
        figures += [
            Figure(
                name="calls a core, pipecat 1.14 with Silero",
                value=theirs,
                note=_why(peers, theirs),
                detail={"steps": peers},
            ),
            Figure(
                name="memory a call, pipecat 1.14 with Silero",
                value=round(first_step(peers[0]) / MEGABYTE, 3),
                unit="MB",
            ),
        ]
    ratio = Figure(
        name="calls a core: ours / pipecat with Silero",
        value=round(own / theirs, 2) if theirs else None,
        unit="x",
        goal=4.0,
        floor=2.0,
        more_is_better=True,
        note="" if theirs else "no peer",
    )
    return [ratio, *figures]


def holds(first: Step, step: Step) -> bool:
    """Tell whether a step is on the good side of the knee."""
    if step["lost"] or (step["slips"] and not step["echoes"]):
        return False
    if step["echoes"]:
        is_whole = step["received"] >= RETURNED_AT_LEAST * step["sent"]
        return is_whole and _added(first, step, "echo_p99_ms") <= ADDED_AT_MOST_MS
    return (
        _added(first, step, "late_p99_ms") <= ADDED_AT_MOST_MS
        and _added(first, step, "answer_p99_ms") <= ADDED_AT_MOST_MS
    )


def knee(steps: list[Step]) -> int:
    """Return the most calls that were held."""
    return max(step["calls"] for step in steps if holds(steps[0], step))


def slope(steps: list[Step]) -> float:
    """Return the bytes that a call adds: the middle of what each step added."""
    added = sorted(
        (after["server_rss"] - before["server_rss"])
        / (after["calls"] - before["calls"])
        for before, after in pairwise(steps)
    )
    return float(added[len(added) // 2])


def first_step(step: Step) -> float:
    """Return the bytes a call of the first step takes.

    For the bot, which keeps what the calls of earlier steps held.
    """
    return float((step["server_rss"] - step["rss_before"]) / step["calls"])


def _added(first: Step, step: Step, what: str) -> float:
    if step[what] is None or first[what] is None:
        return float("inf")
    return float(step[what] - first[what])


def _climb(bench: Bench, said: Said) -> list[Step]:
    """Add calls to our line until they are too many."""
    steps = [{"calls": count, "settle_s": 4, "measure_s": 6} for count in OUR_STEPS]
    # The first calls are in conversation after a cycle; each later step adds few.
    steps[0] |= {"settle_s": 12, "measure_s": 12}
    with bench.our_line(answer_ms=ANSWER_MS) as server:
        seen, _ = bench.load(server, said, steps, then=_then)
    return _last_tries(seen)


def _climb_peer(bench: Bench, said: Said) -> list[Step]:
    """Ask the bot for more calls each time until they are too many.

    It never makes up for a moment in which it had to wait, and it waits while a call
    loads its model: so all calls of a step are opened before anybody speaks.
    """
    seen: list[Step] = []
    counts = list(PEER_STEPS)
    with bench.pipecat(has_voice_activity=True) as server:
        while counts:
            step = {"calls": counts[0], "settle_s": 3, "measure_s": 6}
            seen += bench.load(
                server,
                said,
                [step],
                is_peer=True,
                open_a_second=PEER_OPENS_A_SECOND,
                is_together=True,
            )[0]
            word = _then(seen)
            counts = {"on": counts[1:], "again": counts}.get(word, [])
    return _last_tries(seen)


def _last_tries(seen: list[Step]) -> list[Step]:
    """Return one of each step: of one that was tried again the last try counts."""
    return list({step["calls"]: step for step in seen}.values())


def _then(seen: list[Step]) -> str:
    """Go on while calls are held; try again what others may have spoilt."""
    last = seen[-1]
    tries = sum(step["calls"] == last["calls"] for step in seen)
    if holds(seen[0], last) and (len(seen) > 1 or not is_disturbed(last)):
        return "on"
    if is_disturbed(last) and tries < TRIES:
        return "again"
    return "on" if len(seen) == tries else "stop"


def _why(steps: list[Step], most: int) -> str:
    """Return what ended the climb."""
    over = [step for step in steps if step["calls"] > most]
    if not over:
        return "all that were tried"
    first, step = steps[0], over[0]
    names = ("echo_p99_ms",) if step["echoes"] else ("late_p99_ms", "answer_p99_ms")
    worst = max(names, key=lambda name: _added(first, step, name))
    others = round(100 * step["others_on_core"])
    return (
        f"at {step['calls']}: {worst} {step[worst]:g} (at {first['calls']}: "
        f"{first[worst]:g}), {step['slips'] if not step['echoes'] else 0} slips, "
        f"{others} % of the core taken by others"
    )
