"""The processes of the running product: started, kept alive, stopped in order."""

import signal
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sondervoice.embedded.console import say, tail
from sondervoice.embedded.errors import EmbeddedError
from sondervoice.embedded.guard import Guard
from sondervoice.embedded.process import Process, signal_group
from sondervoice.embedded.stopping import Stopping

# Five crashes within a minute are no accident: better to say so than to flap.
MOST_CRASHES: Final = 5
WINDOW_S: Final = 60.0
FIRST_DELAY_S: Final = 0.5


def restart_delay(crashes: Sequence[float]) -> float | None:
    """Return how long to wait before a restart, or None when it is time to give up.

    `crashes` are the monotonic seconds of all crashes so far, the newest last; those
    more than a minute older than it are forgiven. The wait doubles with each.
    """
    recent = [at for at in crashes if at > crashes[-1] - WINDOW_S]
    if len(recent) > MOST_CRASHES:
        return None
    return FIRST_DELAY_S * float(2 ** (len(recent) - 1))


@dataclass(slots=True, kw_only=True)
class Child:
    """One process that shall be there as long as we are.

    Attributes:
        launch: Starts it, and returns when it can be used; called again after a crash.
        log: Where its output goes.
        is_visitor: It may leave when it likes, and is not started again.
        crashes: When it crashed, in monotonic seconds.
        due_at: When it is started again after a crash.
    """

    name: str
    launch: Callable[[], Process]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    is_visitor: bool = False
    process: Process | None = None
    crashes: list[float] = field(default_factory=list)
    due_at: float | None = None


class Crew:
    """Children in stages; a later stage needs the earlier ones."""

    def __init__(self, stopping: Stopping, guard: Guard, *, grace_s: float) -> None:
        self._stopping = stopping
        self._guard = guard
        self._grace_s = grace_s
        self._stages: list[list[Child]] = []

    def start(self, *children: Child) -> None:
        """Start the children of the next stage."""
        self._stages.append(list(children))
        for child in children:
            self._launch(child)

    def tend(self) -> None:
        """Start again what has crashed, when its time has come.

        Raises:
            EmbeddedError: If a child crashes again and again.
        """
        for child in self._staff():
            if child.process is not None and child.process.poll() is not None:
                self._note_crash(child, child.process)
            if child.due_at is not None and time.monotonic() >= child.due_at:
                child.due_at = None
                self._launch(child)
                say(f"{child.name} started again")

    def check_alive(self) -> None:
        """Refuse a child that has already stopped, while the product starts.

        Raises:
            EmbeddedError: With the last lines of its log.
        """
        for child in self._staff():
            if child.process is not None and child.process.poll() is not None:
                raise EmbeddedError(
                    f"{child.name} stopped while starting "
                    f"({_ending(child.process)}), see {child.log}:\n{tail(child.log)}"
                )

    def stop(self) -> None:
        """Stop all, the last stage first; a second request to stop skips the grace."""
        for stage in reversed(self._stages):
            self._stop_stage([child for child in stage if child.process])
        self._stages.clear()

    def _staff(self) -> Iterable[Child]:
        children = (child for stage in self._stages for child in stage)
        return (child for child in children if not child.is_visitor)

    def _launch(self, child: Child) -> None:
        child.process = child.launch()
        self._guard.add(child.process, child.stop_signal)

    def _note_crash(self, child: Child, process: Process) -> None:
        signal_group(process, signal.SIGKILL)  # what it had started itself
        self._guard.drop(process)
        child.process = None
        child.crashes.append(time.monotonic())
        delay = restart_delay(child.crashes)
        if delay is None:
            raise EmbeddedError(
                f"{child.name} keeps stopping ({_ending(process)}), "
                f"see {child.log}:\n{tail(child.log)}"
            )
        child.due_at = child.crashes[-1] + delay
        say(
            f"{child.name} stopped by itself ({_ending(process)}): starting it again "
            f"in {delay:g} s; its log is {child.log}"
        )

    def _stop_stage(self, children: list[Child]) -> None:
        processes = {child.name: child.process for child in children if child.process}
        for child in children:
            if child.process:
                signal_group(child.process, child.stop_signal)
        deadline = time.monotonic() + self._grace_s
        while any(process.poll() is None for process in processes.values()):
            if time.monotonic() > deadline or self._stopping.asked > 1:
                break
            self._stopping.rest(0.05)
        for name, process in processes.items():
            if process.poll() is None:
                say(f"{name} did not stop in time and is killed")
            signal_group(process, signal.SIGKILL)
            process.wait()
            self._guard.drop(process)
        for child in children:
            child.process = None


def _ending(process: Process) -> str:
    code = process.returncode
    if code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"
