"""Our share of the time between the caller's last word and our first.

Vendors take no time, so all of it is the line's: from the moment the end of the turn is
decided, which is when the deciding 20 ms were sent, to the first frame that comes back.
The product's own row of the turn says when that was, in the stream's milliseconds; the
load says when frames went and came. The pause that was waited is reported beside it.
"""

from typing import Any, Final

from benchmarks.bench import TRIES, Bench, is_steady
from benchmarks.caller_sound import Said
from benchmarks.figures import Figure, part_of

CALLS: Final = 20
ANSWER_MS: Final = 1_200
SPEECH_MS: Final = 2_000
QUIET_MS: Final = 2_400
SETTLE_S: Final = 3.0
MEASURE_S: Final = 22.0
FRAME_MS: Final = 20
# The answer to a turn comes within this, or belongs to another.
SAME_TURN_MS: Final = 1_500

Times = list[int | None]


def measure(bench: Bench, said: Said) -> list[Figure]:
    """Return our share, and the pause."""
    for _ in range(TRIES):
        shares, pauses, seen = _once(bench, said)
        if is_steady(seen):
            break
    detail = {"shares_ms": shares, "pauses_ms": pauses, "load": seen}
    return [
        Figure(
            name="our share of voice to voice, p50",
            value=part_of(shares, 50),
            unit="ms",
            goal=40,
            note=f"{len(shares)} turns of {CALLS} calls",
            detail=detail,
        ),
        Figure(
            name="our share of voice to voice, p99",
            value=part_of(shares, 99),
            unit="ms",
            goal=150,
        ),
        Figure(
            name="the pause waited before, p50",
            value=part_of(pauses, 50),
            unit="ms",
            note=f"p99 {part_of(pauses, 99)}",
        ),
        Figure(
            name="voice to voice as the caller hears it, p50",
            value=seen["answer_p50_ms"],
            unit="ms",
            note=f"p99 {seen['answer_p99_ms']}; vendors take no time here",
        ),
    ]


def _once(bench: Bench, said: Said) -> tuple[list[float], list[float], dict[str, Any]]:
    step = {"calls": CALLS, "settle_s": SETTLE_S, "measure_s": MEASURE_S}
    # All begin in the quiet, so that the greeting is heard before the first word.
    with bench.our_line(answer_ms=ANSWER_MS) as server:
        wanted = bench.next_calls(CALLS)
        seen, heard = bench.load(server, said, [step], first=said.speech)
    turns = bench.ask_rows("turns")
    shares: list[float] = []
    pauses: list[float] = []
    for call, ears in zip(wanted, heard, strict=True):
        for times in turns.get(call["call_control_id"], []):
            share = _share_ms(times, ears)
            if share is not None:
                shares.append(share)
                pauses.append(float((times[1] or 0) - (times[0] or 0)))
    return shares, pauses, seen[0]


def _share_ms(times: Times, ears: dict[str, Any]) -> float | None:
    """Return how long after the decision this turn's answer was heard first."""
    quiet_ms, decided_ms, _ = times
    if quiet_ms is None or decided_ms is None:
        return None
    began_ms = [(at - ears["opened_at"]) * 1000 for at in ears["answers"]]
    # The deciding frame is the 20 ms before `decided_ms`; it is sent when it begins.
    sent_ms = decided_ms - FRAME_MS
    after = [at - sent_ms for at in began_ms if 0 <= at - sent_ms < SAME_TURN_MS]
    return round(min(after), 2) if after else None
