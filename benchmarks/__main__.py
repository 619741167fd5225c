"""``make bench``: measure, print the figures beside goals and floors, and keep them.

    python -m benchmarks                     all of it, about eleven minutes
    python -m benchmarks --only voice,barge  some of it
    python -m benchmarks --pairs 3           fewer turns of A and B

Services are thrown away afterwards. The server that is measured has the first processor
for itself; services, load and this process share the second.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks import (
    capacity,
    enumeration,
    envelope,
    frame_cpu,
    inside,
    interruptions,
    ledger,
    purge,
    ranges,
    sign_ins,
    tenant_context,
    voice_to_voice,
    webhooks,
)
from benchmarks.bench import Bench
from benchmarks.caller_sound import say
from benchmarks.figures import Figure, as_json, table
from benchmarks.machine import about, cores
from benchmarks.peers import install
from benchmarks.serving import BrokenError
from sondervoice.embedded.__main__ import main as embedded

RESULTS: Final = Path(__file__).with_name("results")
INSIDE: Final = "BENCH_INSIDE"
# Speech is 47 of 100 ms, as in the measurements the goals were taken from.
SPEECH_MS: Final = 5_600
QUIET_MS: Final = 6_400

Measure = Callable[[Bench, argparse.Namespace], list[Figure]]


def _frame(bench: Bench, wanted: argparse.Namespace) -> list[Figure]:
    said = say(bench.folder, speech_ms=SPEECH_MS, quiet_ms=QUIET_MS)
    return frame_cpu.measure(bench, said, pairs=wanted.pairs)


def _calls(bench: Bench, _: argparse.Namespace) -> list[Figure]:
    said = say(bench.folder, speech_ms=SPEECH_MS, quiet_ms=QUIET_MS)
    return capacity.measure(bench, said)


def _voice(bench: Bench, _: argparse.Namespace) -> list[Figure]:
    said = say(
        bench.folder,
        speech_ms=voice_to_voice.SPEECH_MS,
        quiet_ms=voice_to_voice.QUIET_MS,
    )
    return voice_to_voice.measure(bench, said)


def _barge(_bench: Bench, _: argparse.Namespace) -> list[Figure]:
    return interruptions.measure()


def _webhook(bench: Bench, wanted: argparse.Namespace) -> list[Figure]:
    return webhooks.measure(bench, pairs=wanted.pairs)


def _sign_ins(bench: Bench, wanted: argparse.Namespace) -> list[Figure]:
    said = say(bench.folder, speech_ms=SPEECH_MS, quiet_ms=QUIET_MS)
    return sign_ins.measure(bench, said, pairs=wanted.pairs)


def _enumeration(bench: Bench, _: argparse.Namespace) -> list[Figure]:
    return enumeration.measure(bench)


def _tenancy(bench: Bench, _: argparse.Namespace) -> list[Figure]:
    return tenant_context.measure(bench)


def _ledger(bench: Bench, wanted: argparse.Namespace) -> list[Figure]:
    return ledger.measure(bench, pairs=wanted.pairs)


def _envelope(_bench: Bench, wanted: argparse.Namespace) -> list[Figure]:
    return envelope.measure(pairs=wanted.pairs)


def _purge(_bench: Bench, wanted: argparse.Namespace) -> list[Figure]:
    return purge.measure(pairs=wanted.pairs)


def _range(bench: Bench, _: argparse.Namespace) -> list[Figure]:
    return ranges.measure(bench.folder)


MEASURES: Final[dict[str, Measure]] = {
    "voice": _voice,
    "barge": _barge,
    "webhook": _webhook,
    "tenancy": _tenancy,
    "enumeration": _enumeration,
    "signin": _sign_ins,
    "ledger": _ledger,
    "envelope": _envelope,
    "purge": _purge,
    "range": _range,
    "frame": _frame,
    "calls": _calls,
}


def main(arguments: list[str]) -> int:
    """Measure what is wanted; returns 1 if a figure is below its floor."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--only", default=",".join(MEASURES))
    parser.add_argument("--pairs", type=int, default=5)
    wanted = parser.parse_args(arguments)
    server_core, load_core = cores()
    if not os.environ.get(INSIDE):
        return _with_services(arguments, load_core)
    folder = Path(os.environ["DATA_DIR"])
    inside.prepare(folder)
    bench = Bench(
        folder=folder,
        server_core=server_core,
        load_core=load_core,
        peer=_peer(wanted.only),
    )
    _keep_to(load_core)
    return _report(bench, wanted)


def _with_services(arguments: list[str], load_core: int | None) -> int:
    """Run ourselves on throw-away services, all beside the measured processor."""
    os.environ[INSIDE] = "1"
    _keep_to(load_core)
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return embedded(["run", "--", *command])


def _keep_to(core: int | None) -> None:
    if core is not None:
        os.sched_setaffinity(0, {core})


def _peer(only: str) -> Path | None:
    if not {"frame", "calls"} & set(only.split(",")):
        return None
    try:
        return install.pipecat()
    except install.NoPeerError as error:
        print(f"No peer, so ours alone is measured: {error}", flush=True)
        return None


def _report(bench: Bench, wanted: argparse.Namespace) -> int:
    machine = about()
    figures: list[Figure] = []
    for name in wanted.only.split(","):
        began = time.monotonic()
        try:
            found = MEASURES[name](bench, wanted)
        except BrokenError as error:
            found = [Figure(name=name, value=None, goal=1, note=str(error))]
        took = time.monotonic() - began
        print(f"\n{name} ({took:.0f} s, load {os.getloadavg()[0]:.2f})", flush=True)
        print(table(found), flush=True)
        figures += found
    print(f"\nAll of it\n{table(figures)}", flush=True)
    # Half a run must not take the place of a whole one.
    if set(wanted.only.split(",")) == set(MEASURES):
        _keep(figures, machine)
    return int(any(figure.verdict in {"BELOW", "not measured"} for figure in figures))


def _keep(figures: list[Figure], machine: dict[str, object]) -> None:
    now = datetime.now(UTC)
    result = {"at": now.isoformat(timespec="seconds"), "machine": machine}
    result |= {"machine_after": about(), "figures": as_json(figures)}
    path = RESULTS / f"{now:%Y-%m-%d}.json"
    RESULTS.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=RESULTS, delete=False) as file:
        json.dump(result, file, indent=1, ensure_ascii=False)
        file.write("\n")
    Path(file.name).replace(path)
    path.chmod(0o644)
    print(f"\nKept in {path}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
