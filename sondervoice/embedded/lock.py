"""One supervisor for one DATA_DIR.

The watchdog holds the lock too, so it is free only when all children have gone.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sondervoice.embedded.errors import EmbeddedError

_CLEANING_S: Final = 25.0  # the watchdog's grace and a little more
_PROBING_S: Final = 0.3  # another shell may be asking whether we run


@contextmanager
def exclusive(path: Path, *, pause: Callable[[float], None]) -> Iterator[int]:
    """Hold the lock; yields its file descriptor, which a child may share.

    Waits for a watchdog that still clears up after a supervisor that was killed.

    Raises:
        EmbeddedError: If another supervisor is at work.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    started = time.monotonic()
    try:
        while not _try(descriptor, fcntl.LOCK_EX):
            waited = time.monotonic() - started
            holder = _holder(descriptor)
            if waited > (_PROBING_S if _lives(holder) else _CLEANING_S):
                raise EmbeddedError(
                    f"The product already runs on {path.parents[1]} (process {holder}):"
                    " stop that one with Ctrl-C, or set another DATA_DIR and PORT."
                )
            pause(0.05)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Tell whether a supervisor or its watchdog is at work."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except (FileNotFoundError, PermissionError):
        return False
    try:
        return not _try(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(descriptor: int) -> int:
    text = os.pread(descriptor, 20, 0)
    return int(text) if text.isdigit() else 0


def _lives(pid: int) -> bool:
    if pid == 0:
        return False
    with suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
