"""Writes what a call leaves behind, in order, without holding up its sound."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Protocol

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError

from compliance.keys.sealing import SealBrokenError
from sondervoice.kernel.errors import SonderError

logger = logging.getLogger(__name__)

RETRY_S: Final = 1.0
WAITING_AT_MOST: Final = 20_000
# How long a call that has ended is still being written when the database is away.
KEEPS_TRYING_S: Final = 600.0

Work = Callable[[], object]


class Asker(Protocol):
    """Runs blocking work on threads: `MediaDesk`, or its `files`."""

    async def ask(self, question: Callable[[], Any], /) -> Any:
        """Return the answer."""


class CallWriter:
    """One call's writing: `submit` returns at once, a thread does the work in order.

    Work that fails because the database is away is kept and tried again. What can never
    be written is let go, so that the rest of the call is.
    """

    def __init__(self, desk: Asker) -> None:
        """Write on the desk's threads."""
        self._desk = desk
        self._waiting: deque[Work] = deque()
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def waiting(self) -> int:
        """Return how many pieces are not written yet."""
        return len(self._waiting)

    def submit(self, work: Work) -> None:
        """Add work; the oldest makes way when 20 000 pieces wait."""
        if len(self._waiting) >= WAITING_AT_MOST:
            self._waiting.popleft()
            logger.error("call writer full")
        self._waiting.append(work)
        self._idle.clear()
        self._arrived.set()

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                try:
                    await self._desk.ask(self._do_waiting)
                except (OperationalError, InterfaceError):
                    logger.warning("call not written, trying again")
                    await asyncio.sleep(RETRY_S)
            self._idle.set()

    async def finished(self, *, within_s: float) -> bool:
        """Wait until all is written; return whether it is."""
        try:
            async with asyncio.timeout(within_s):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True

    def _do_waiting(self) -> None:
        """Do what waits, on a thread; work to be tried again stays in front."""
        while self._waiting:
            try:
                self._waiting[0]()
            except (OperationalError, InterfaceError):
                raise
            except (DatabaseError, SonderError, SealBrokenError, OSError) as error:
                # The text stays out of the log; the kind says enough.
                logger.error(  # noqa: TRY400 -- and so does the trace
                    "call piece let go", extra={"code": type(error).__name__}
                )
            self._waiting.popleft()


class Leftovers:
    """What calls that have ended left unwritten, for as long as the process may wait.

    Only counts are told; what waits is sealed, and lost if the process is stopped.
    """

    def __init__(self) -> None:
        """Start with nothing left."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def see_written(
        self, writer: CallWriter, running: asyncio.Task[None], *, within_s: float
    ) -> None:
        """Wait until all is written; go on in the background if that takes longer."""
        if await writer.finished(within_s=within_s):
            running.cancel()
            return
        logger.warning("call not written yet", extra={"count": writer.waiting})
        task = asyncio.create_task(self._go_on(writer, running))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finished(self, *, within_s: float) -> None:
        """Wait for all leftovers, for so long at most."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within_s)

    async def _go_on(self, writer: CallWriter, running: asyncio.Task[None]) -> None:
        if not await writer.finished(within_s=KEEPS_TRYING_S):
            logger.error("call never written", extra={"count": writer.waiting})
        running.cancel()
