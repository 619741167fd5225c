"""The supervisor's side of the watchdog: tells it whom to stop should we be killed."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from sondervoice.embedded import watchdog
from sondervoice.embedded.process import Process


class Guard:
    """A running watchdog."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def add(self, process: Process, stop_signal: signal.Signals) -> None:
        """Have the child stopped by this signal when we are gone."""
        self._tell(f"add {process.pid} {int(stop_signal)}")

    def drop(self, process: Process) -> None:
        """Forget a child that has stopped; its number may go to a stranger."""
        self._tell(f"drop {process.pid}")

    def remove_at_end(self, folder: Path) -> None:
        """Have the folder removed when we are gone, however that comes."""
        self._tell(f"remove {folder}")

    def close(self) -> None:
        """Let the watchdog clear up what is left, and wait for it."""
        self._pipe().close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        # A watchdog that somebody killed cannot be told, and its work is then the
        # kernel's, by the death signal of each child.
        with suppress(BrokenPipeError):
            self._pipe().write(f"{line}\n".encode())

    def _pipe(self) -> IO[bytes]:
        if self._process.stdin is None:
            raise ValueError("the watchdog was started without a pipe")
        return self._process.stdin


@contextmanager
def guarded(*keep_open: int) -> Iterator[Guard]:
    """Run a watchdog; it keeps the descriptors open (a lock) until it has finished."""
    process = subprocess.Popen(  # noqa: S603 (a script of ours, no shell)
        [sys.executable, "-I", str(Path(watchdog.__file__))],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=keep_open,
        cwd="/",
    )
    guard = Guard(process)
    try:
        yield guard
    finally:
        guard.close()
