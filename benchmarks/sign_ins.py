"""What twenty sign-ins at once do to live calls, on the processor that carries them.

Web and media share the measured processor, the worst there is. Calls go on all the
time; in turns nobody signs in and twenty people do, at the same moment, with bcrypt at
cost 12. Beside it stands Django's own hasher, which runs as many at once as come.
"""

import math
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from statistics import median
from typing import Any, Final

from benchmarks.bench import Bench, Step
from benchmarks.caller_sound import Said
from benchmarks.figures import Figure, spread
from benchmarks.serving import HOST, BrokenError, Server, command_of, free_port
from benchmarks.visitor import SIGN_IN, Visitor

CALLS: Final = 40
AT_ONCE: Final = 20
ANSWER_MS: Final = 5_200
ADDED_AT_MOST_MS: Final = 5.0
PLAIN: Final = "benchmarks.plain_hasher_settings"
OURS: Final = "sondervoice.settings.dev"
# A storm is over before the next quiet step is measured.
QUIET: Final = {"calls": CALLS, "settle_s": 7, "measure_s": 5}
STORM: Final = {"calls": CALLS, "settle_s": 0.2, "measure_s": 5}


def measure(bench: Bench, said: Said, *, pairs: int) -> list[Figure]:
    """Return what is added to the lateness of frames, ours and Django's."""
    people = bench.ask_rows("people", str(AT_ONCE), "bcrypt")
    with ExitStack() as stack:
        line = stack.enter_context(bench.our_line(answer_ms=ANSWER_MS))
        return [
            _figure(
                name,
                *_in_turns(bench, said, line, settings, people, pairs),
                goal=goal,
            )
            for name, settings, goal in (
                ("frames' p99 added by 20 sign-ins at once", OURS, ADDED_AT_MOST_MS),
                ("the same with Django's own hasher", PLAIN, None),
            )
        ]


def _in_turns(
    bench: Bench,
    said: Said,
    line: Server,
    settings: str,
    people: dict[str, Any],
    pairs: int,
) -> tuple[list[Step], list[float]]:
    """Return the steps, quiet and storm in turns, and how long each sign-in took."""
    port = free_port()
    environment = {"DJANGO_SETTINGS_MODULE": settings, "ALLOWED_HOSTS": HOST}
    arguments = command_of("web", "sondervoice.asgi:application", port)
    took_ms: list[float] = []
    with (
        bench.server(arguments, port, environment, name="web"),
        ThreadPoolExecutor(AT_ONCE) as threads,
    ):

        def sign_in(visitor: Visitor, email: str) -> None:
            answer = visitor.send(login=email, password=people["password"])
            visitor.close()
            if answer.status not in {302, 503}:
                raise BrokenError(f"a sign-in was answered {answer.status}")
            # 503: told to come again, since more waited than could be served.
            took_ms.append(answer.took_ms if answer.status == 302 else math.inf)

        storms = []
        waiting = [Visitor(port, SIGN_IN) for _ in range(AT_ONCE * pairs)]

        def then(seen: list[Step]) -> str:
            if len(seen) % 2:
                storms.extend(
                    threads.submit(sign_in, waiting.pop(), email)
                    for email in people["emails"]
                )
            return "on"

        seen = bench.load(line, said, [QUIET, STORM] * pairs, then=then)[0]
        for storm in storms:
            storm.result()
    return seen, took_ms


def _figure(
    name: str, seen: list[Step], took_ms: list[float], *, goal: float | None
) -> Figure:
    quiet, storm = ([step["late_p99_ms"] for step in seen[at::2]] for at in (0, 1))
    added = [loud - still for still, loud in zip(quiet, storm, strict=True)]
    return Figure(
        name=name,
        value=round(median(added), 2),
        unit="ms",
        goal=goal,
        note=f"{spread(added)} of {len(added)} pairs; p99 {median(quiet):g} and "
        f"{median(storm):g} ms with {CALLS} calls; {_waits_of(took_ms)}",
        detail={"steps": seen},
    )


def _waits_of(took_ms: list[float]) -> str:
    came_in = [one for one in took_ms if one != math.inf]
    told = len(took_ms) - len(came_in)
    longest = f"the last was in after {max(came_in, default=0) / 1000:.1f} s"
    return f"{longest}, {told} of {len(took_ms)} were told to come again"
