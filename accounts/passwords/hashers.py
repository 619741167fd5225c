"""bcrypt at cost 12, in few threads that give way to everything else.

A hash takes a quarter of a second of a processor, and the same processors carry calls:
half of them hash at most, at the lowest priority, and whoever would wait too long is
told so.
"""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any, Final

from django.contrib.auth.hashers import (
    BCryptSHA256PasswordHasher,
    PBKDF2PasswordHasher,
)

from accounts.passwords.errors import PasswordsBusyError

LOWEST_PRIORITY: Final = 19
WAITING_AT_MOST: Final = 64
PATIENCE_S: Final = 15.0


class HashingPool:
    """So many threads, so many who wait for them, each so long."""

    def __init__(self, *, threads: int, waiting: int, patience_s: float) -> None:
        """Make the threads when they are first needed."""
        self._places = threading.BoundedSemaphore(threads + waiting)
        self._patience_s = patience_s
        self._threads = ThreadPoolExecutor(
            threads, thread_name_prefix="hash", initializer=give_way
        )

    def run(self, work: Callable[..., str], *arguments: Any) -> str:
        """Return what `work` returns.

        Raises:
            PasswordsBusyError: If too many wait already, or it took too long.
        """
        if not self._places.acquire(blocking=False):
            raise PasswordsBusyError
        future: Future[str] = self._threads.submit(work, *arguments)
        future.add_done_callback(lambda _: self._places.release())
        try:
            return future.result(self._patience_s)
        except TimeoutError:
            future.cancel()
            raise PasswordsBusyError from None


def give_way() -> None:
    """Put this thread behind every other; Linux alone can do that for a thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST_PRIORITY)


def half_the_processors() -> int:
    """Return half of the processors that we may use, and one at least."""
    is_told = hasattr(os, "sched_getaffinity")
    ours = len(os.sched_getaffinity(0)) if is_told else os.cpu_count() or 1
    return max(1, ours // 2)


@cache
def hashing_pool() -> HashingPool:
    """Return the one pool of this process."""
    return HashingPool(
        threads=half_the_processors(), waiting=WAITING_AT_MOST, patience_s=PATIENCE_S
    )


class PooledBCryptHasher(BCryptSHA256PasswordHasher):
    """Django's hasher and its format; only where it runs is ours."""

    def encode(self, password: str, salt: str | bytes) -> str:
        """Return the hash, made in the pool; `verify` comes here too."""
        return hashing_pool().run(super().encode, password, salt)


class PooledPBKDF2Hasher(PBKDF2PasswordHasher):
    """For rows of old, read once and then replaced."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Return the hash, made in the pool."""
        return hashing_pool().run(super().encode, password, salt, iterations)
