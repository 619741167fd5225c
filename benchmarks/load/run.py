"""Drives many calls on one absolute clock and notes what each step showed."""

import heapq
import select
import time
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from benchmarks.load.call import FRAME_S, Call, Notes
from benchmarks.load.sound import Cycle
from benchmarks.machine import CoreClock, ProcessClock, resident_bytes

# Between two looks at the sockets; the load's own lateness is of this size.
_NAP_S: Final = 0.000_5
_ALL_READY_S: Final = 1.5
_GOLDEN: Final = 0.618_034


class Run:
    """All calls of one load."""

    def __init__(self, job: dict[str, Any]) -> None:
        """Read what is wanted; see `benchmarks.load.__main__`."""
        self._job = job
        self._cycle = Cycle(Path(job["sound"]).read_bytes(), speech=job["speech"])
        self._waiting = list(job["calls"])
        self._poll = select.epoll()
        self._by_file: dict[int, Call] = {}
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._notes = Notes()
        self._late: list[float] = []
        self._rss_before = resident_bytes(job["server_pid"])
        self.calls: list[Call] = []

    def do(self, step: dict[str, Any]) -> dict[str, Any]:
        """Open the calls that are missing, let them settle, and tell what is seen."""
        self._grow(step["calls"])
        self._go_on(step["settle_s"])
        return self._measure(step["measure_s"])

    def end(self) -> None:
        """Hang up everywhere."""
        for call in self.calls:
            call.close()
        self._go_on(0.5, is_over=True)

    def _grow(self, to: int) -> None:
        while len(self.calls) < to:
            self._open(self._waiting.pop(0))
            self._go_on(1 / self._job["open_a_second"])
        deadline = perf_counter() + 10
        while not all(call.is_open for call in self.calls):
            self._go_on(0.05)
            if perf_counter() > deadline:
                raise RuntimeError("a stream was not accepted within ten seconds")
        if self._job["is_together"]:
            self._go_on(_ALL_READY_S)
            for number, call in enumerate(self.calls):
                self._start(number, call)

    def _open(self, wanted: dict[str, str]) -> None:
        number = len(self.calls)
        first = self._job["first"]
        if first is None:
            first = int(number * _GOLDEN % 1 * len(self._cycle.rests))
        call = Call(
            wanted,
            port=self._job["port"],
            cycle=self._cycle,
            first=first,
            notes=self._notes,
            later=self._later,
        )
        self.calls.append(call)
        self._by_file[call.socket.fileno()] = call
        self._poll.register(call.socket, select.EPOLLIN)
        if not self._job["is_together"]:
            self._start(number, call)

    def _start(self, number: int, call: Call) -> None:
        at = perf_counter() + number * _GOLDEN % 1 * FRAME_S
        self._later(at, lambda: self._beat(call, at))

    def _beat(self, call: Call, due: float) -> None:
        """Send a call's frame and come again 20 ms after this one was due."""
        if call.is_lost:
            return
        if call.is_open:
            self._late.append(perf_counter() - due)
            call.send_frame(due)
        self._later(due + FRAME_S, lambda: self._beat(call, due + FRAME_S))

    def _later(self, at: float, do: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._due, (at, self._count, do))

    def _go_on(self, seconds: float, *, is_over: bool = False) -> None:
        until = perf_counter() + seconds
        while (now := perf_counter()) < until:
            while not is_over and self._due and self._due[0][0] <= now:
                heapq.heappop(self._due)[2]()
                now = perf_counter()
            if not is_over:
                self._read()
            rest = (self._due[0][0] if self._due else until) - perf_counter()
            if rest > 0:
                time.sleep(min(rest, _NAP_S))

    def _read(self) -> None:
        for file, _ in self._poll.poll(0):
            call = self._by_file[file]
            call.read()
            if call.is_lost:
                self._poll.unregister(file)

    def _measure(self, seconds: float) -> dict[str, Any]:
        self._late, self._notes = [], Notes()
        for call in self.calls:
            call.notes = self._notes
        server = ProcessClock(self._job["server_pid"])
        core = CoreClock(self._job["server_core"])
        began = perf_counter()
        self._go_on(seconds)
        took = perf_counter() - began
        cpu_s, core_s = server.since(), core.since()
        return {
            "calls": len(self.calls),
            "lost": sum(call.is_lost for call in self.calls),
            "seconds": round(took, 3),
            "server_cpu_s": round(cpu_s, 3),
            "others_on_core": round(max(0.0, core_s - cpu_s) / took, 4),
            "rss_before": self._rss_before,
            "server_rss": resident_bytes(self._job["server_pid"]),
            "self_p99_ms": _ms(self._late, 99),
            **_told(self._notes),
        }


def _told(notes: Notes) -> dict[str, Any]:
    return {
        "sent": notes.sent,
        "received": notes.received,
        "slips": notes.slips,
        "clears": notes.clears,
        "strange": notes.strange,
        "answers": len(notes.answer_s),
        "echoes": len(notes.echo_s),
        "echo_p50_ms": _ms(notes.echo_s, 50),
        "echo_p99_ms": _ms(notes.echo_s, 99),
        "late_p50_ms": _ms(notes.late_s, 50),
        "late_p99_ms": _ms(notes.late_s, 99),
        "answer_p50_ms": _ms(notes.answer_s, 50),
        "answer_p99_ms": _ms(notes.answer_s, 99),
    }


def _ms(seconds: list[float], part: int) -> float | None:
    """Return the value in ms that this part (of 100) do not exceed; None of nothing."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    place = -(-len(ordered) * part // 100) - 1
    return round(ordered[max(0, place)] * 1000, 2)
