"""Writes all calls' sound to files, on one thread that never waits for a database.

Half a second of a call is sealed and written in less time than it takes to hand a
question to a pool and its answer back to the loop: so nothing is handed back.
"""

import asyncio
import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread, Timer
from typing import Final

from sondervoice.kernel.errors import SonderError

logger = logging.getLogger(__name__)

# A spool that is just being stored is let go of within seconds.
AGAIN_S: Final = 0.2
TRIES: Final = 50

Work = Callable[[], object]


class FileThread:
    """Does work in the order it came; started by the first piece."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._waiting: SimpleQueue[tuple[Work, int]] = SimpleQueue()
        self._thread: Thread | None = None

    @property
    def waiting(self) -> int:
        """Return how many pieces are not written yet."""
        return self._waiting.qsize()

    def submit(self, work: Work) -> None:
        """Add work; returns at once."""
        if self._thread is None:
            self._thread = Thread(target=self._run, name="files", daemon=True)
            self._thread.start()
        self._waiting.put((work, TRIES))

    async def finished(self, *, within_s: float) -> bool:
        """Wait until all that was submitted is written; return whether it is."""
        loop = asyncio.get_running_loop()
        done = asyncio.Event()

        def tell() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(done.set)

        self.submit(tell)
        try:
            async with asyncio.timeout(within_s):
                await done.wait()
        except TimeoutError:
            return False
        return True

    def start(self) -> None:
        """Be a writer like others: this one starts by itself."""

    def stop(self) -> None:
        """Be a writer like others: this one is the process's, not a call's."""

    def _run(self) -> None:
        while True:
            work, tries = self._waiting.get()
            try:
                work()
            except SonderError as error:
                self._do_again(work, tries - 1, error)
            # The thread's guard: one call's piece must not end the sound of all.
            except Exception as error:  # noqa: BLE001
                _let_go(error)

    def _do_again(self, work: Work, tries: int, error: SonderError) -> None:
        """Come back to what is refused for now, and hold up nobody meanwhile."""
        if tries <= 0:
            _let_go(error)
            return
        later = Timer(AGAIN_S, self._waiting.put, [(work, tries)])
        later.daemon = True
        later.start()


def _let_go(error: Exception) -> None:
    # The text stays out of the log; the kind says enough.
    logger.error("piece of sound let go", extra={"code": type(error).__name__})
