"""Starts and stops child processes so that none outlives us.

Each child leads a session of its own: Ctrl-C reaches the supervisor alone, which then
stops its children in order, and a signal to the group reaches what the child started.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from sondervoice.embedded.privileges import Identity, popen_arguments

# prctl(2); loaded before the fork, for a child may not load libraries after it.
_PR_SET_PDEATHSIG: Final = 1
_LIBC: Final = ctypes.CDLL(None) if sys.platform == "linux" else None

Process = subprocess.Popen[bytes]


def spawn(
    arguments: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    log: Path | None,
    folder: Path,
    identity: Identity | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> Process:
    """Start a child that gets `death_signal` when we die in whatever way (Linux).

    Call from the main thread: Linux takes the end of the starting thread for ours.
    Its output is added to the file `log`; None lets it speak on our terminal.
    """
    descriptor = None if log is None else _open_log(log)
    try:
        return subprocess.Popen(  # noqa: S603 (programs of ours, no shell)
            [str(argument) for argument in arguments],
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=None if descriptor is None else subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_dying_with(os.getpid(), death_signal),  # noqa: PLW1509 (one thread)
            **popen_arguments(identity),
        )
    finally:
        if descriptor is not None:
            os.close(descriptor)


def run_on_terminal(
    arguments: Sequence[str], *, environment: Mapping[str, str], folder: Path
) -> Process:
    """Start a child that reads and writes on our terminal and gets Ctrl-C with us."""
    return subprocess.Popen(  # noqa: S603 (what the developer asked for, no shell)
        arguments,
        env=dict(environment),
        cwd=folder,
        preexec_fn=_dying_with(os.getpid(), signal.SIGTERM),  # noqa: PLW1509 (one thread)
    )


def signal_group(process: Process, number: signal.Signals) -> None:
    """Send a signal to the child and all that it started; none left is harmless."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def end(process: Process, *, first: signal.Signals, grace_s: float) -> bool:
    """Ask the child to stop, then make sure, its whole group included.

    Returns:
        Whether it stopped within its grace.
    """
    signal_group(process, first)
    try:
        process.wait(grace_s)
        in_time = True
    except subprocess.TimeoutExpired:
        in_time = False
    signal_group(process, signal.SIGKILL)
    process.wait()
    return in_time


def _open_log(log: Path) -> int:
    return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)


def _dying_with(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    def ask_the_kernel() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:  # we died between the fork and the line above
                os._exit(1)

    return ask_the_kernel
