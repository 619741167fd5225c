"""Processor time of one media frame, our line beside pipecat's bot, at equal calls.

Both under the same uvicorn on the same processor, one loaded at a time, in turns. A
frame is one that was received, as the goal was set; the bot answers every frame with
one and our line speaks less than half of the time, so the same is also printed with
frames of both ways counted.
"""

from contextlib import ExitStack
from typing import Any, Final

from benchmarks.bench import TRIES, Bench, Step, is_steady
from benchmarks.caller_sound import Said
from benchmarks.figures import Figure, middle, spread
from benchmarks.serving import Server

CALLS: Final = 80
ANSWER_MS: Final = 5_200
GOAL: Final = 4.0
FLOOR: Final = 2.0


def measure(bench: Bench, said: Said, *, pairs: int) -> list[Figure]:
    """Return the ratio and what it is made of."""
    ours: list[Step] = []
    peers: list[Step] = []
    with ExitStack() as stack:
        line = stack.enter_context(bench.our_line(answer_ms=ANSWER_MS))
        peer = None
        if bench.peer is not None:
            peer = stack.enter_context(bench.pipecat(has_voice_activity=False))
        for _ in range(pairs):
            ours.append(_once(bench, said, line, is_peer=False))
            if peer is not None:
                peers.append(_once(bench, said, peer, is_peer=True))
    return _figures(ours, peers)


def _once(bench: Bench, said: Said, server: Server, *, is_peer: bool) -> Step:
    # Ours needs a while to greet, be recorded and come into the conversation.
    settle_s = 2 if is_peer else 6
    step = {"calls": CALLS, "settle_s": settle_s, "measure_s": 6}
    for _ in range(TRIES):
        seen = bench.load(server, said, [step], is_peer=is_peer)[0][0]
        if is_steady(seen):
            break
    return seen


def _received_us(step: Step) -> float:
    """Return µs a frame received by the server."""
    return float(step["server_cpu_s"] / step["sent"] * 1e6)


def _either_us(step: Step) -> float:
    """Return µs a frame of either way."""
    return float(step["server_cpu_s"] / (step["sent"] + step["received"]) * 1e6)


def _figures(ours: list[Step], peers: list[Step]) -> list[Figure]:
    detail: dict[str, Any] = {"ours": ours, "pipecat": peers, "calls": CALLS}
    own = [_received_us(step) for step in ours]
    late = sum(not is_steady(step) for step in (*ours, *peers))
    note = f", {late} runs with a late load" if late else ""
    figures = [
        Figure(
            name=f"CPU a received frame, ours, {CALLS} calls",
            value=middle(own),
            unit="µs",
            note=_spread_of(ours),
        )
    ]
    if not peers:
        missing = Figure(
            name="CPU a frame: pipecat / ours",
            value=None,
            note="no peer",
            goal=GOAL,
            floor=FLOOR,
            more_is_better=True,
            detail=detail,
        )
        return [missing, *figures]
    pairs = list(zip(ours, peers, strict=True))
    ratios = [_received_us(peer) / _received_us(own) for own, peer in pairs]
    both = [_either_us(peer) / _either_us(own) for own, peer in pairs]
    theirs = [_received_us(step) for step in peers]
    figures += [
        Figure(
            name=f"CPU a received frame, pipecat 1.14, {CALLS} calls",
            value=middle(theirs),
            unit="µs",
            note=_spread_of(peers),
        ),
        Figure(
            name="the same with frames of both ways counted",
            value=middle(both),
            unit="x",
            note=f"{spread(both)}",
        ),
    ]
    ratio = Figure(
        name="CPU a frame: pipecat / ours",
        value=middle(ratios),
        unit="x",
        goal=GOAL,
        floor=FLOOR,
        more_is_better=True,
        note=" · ".join(
            filter(None, (f"{spread(ratios)} of {len(pairs)} pairs", note))
        ),
        detail=detail,
    )
    return [ratio, *figures]


def _spread_of(steps: list[Step]) -> str:
    both = middle([_either_us(step) for step in steps])
    return f"{spread([_received_us(step) for step in steps])}, {both:g} both ways"
