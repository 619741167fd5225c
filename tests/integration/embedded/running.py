"""Processes under test: their lines as they come, and what is left of them."""

import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from sondervoice.embedded.layout import REPOSITORY

PATIENCE_S = 30.0
# All else in our environment is this test run's own, and not the process's business.
_KEPT = ("PATH", "HOME", "TMPDIR", "SV_PGBIN", "PYTHONPATH")


class Run:
    """One process; its output and errors are one stream of lines."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []

    def read_until(self, words: str) -> str:
        """Return the first new line that holds the words."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if words in line:
                return self.lines[-1]
        raise AssertionError(f"{words!r} was never said, but: {self.lines}")

    def end(self) -> int:
        """Return the exit code, after the last line."""
        assert self.process.stdout is not None
        self.lines += [line.rstrip("\n") for line in self.process.stdout]
        return self.process.wait()


@contextmanager
def running(*arguments: str, environment: Mapping[str, str]) -> Iterator[Run]:
    """Run our Python with the arguments; killed when it outlasts our patience."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 (our own Python)
        [sys.executable, *arguments],
        env=kept | dict(environment),
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    alarm = threading.Timer(PATIENCE_S, process.kill)
    alarm.start()
    try:
        yield Run(process)
    finally:
        alarm.cancel()
        process.kill()
        process.communicate()


def processes_naming(mark: str) -> list[int]:
    """Return the living processes, but us, whose command line holds the mark."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with suppress(OSError):
                if mark.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


@contextmanager
def seen_off(pids: list[int]) -> Iterator[None]:
    """Wait, after the block, until each of the processes has ended."""
    watched = [os.pidfd_open(pid) for pid in pids]
    try:
        yield
        for descriptor in watched:
            ready, _, _ = select.select([descriptor], [], [], PATIENCE_S)
            assert ready, "a process outlived the one it belonged to"
    finally:
        for descriptor in watched:
            os.close(descriptor)
