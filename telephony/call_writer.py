"""Writes what a call leaves behind, in order, without holding up its sound."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Protocol
from uuid import UUID

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError

from compliance.keys.sealing import SealBrokenError
from sondervoice.kernel import tenancy
from sondervoice.kernel.errors import SonderError

logger = logging.getLogger(__name__)

RETRY_S: Final = 1.0
WAITING_AT_MOST: Final = 20_000
# How long a call that has ended is still being written when the database is away.
KEEPS_TRYING_S: Final = 600.0
# The rows of one turn come within this: one transaction instead of five.
GATHER_S: Final = 0.2
NEVER_WRITTEN: Final = (DatabaseError, SonderError, SealBrokenError, OSError)

Work = Callable[[], object]


class Asker(Protocol):
    """Runs blocking work on threads: `MediaDesk`."""

    async def ask(self, question: Callable[[], Any], /) -> Any:
        """Return the answer."""


class Writer(Protocol):
    """Writes for a call: `CallWriter`, or the process's `FileThread`."""

    @property
    def waiting(self) -> int:
        """Return how many pieces are not written yet."""

    async def finished(self, *, within_s: float) -> bool:
        """Wait until all is written; return whether it is."""

    def start(self) -> None:
        """Begin to write; starting twice is harmless."""

    def stop(self) -> None:
        """Write no more."""


class CallWriter:
    """One call's rows: `submit` returns at once, a thread does the work in order.

    What comes within a moment is one transaction, in the call's scope. Work that fails
    because the database is away is kept and tried again. What can never be written is
    let go, so that the rest of the call is.
    """

    def __init__(self, desk: Asker, organization_id: UUID) -> None:
        """Write rows of this organization on the desk's threads."""
        self._desk = desk
        self._organization_id = organization_id
        self._waiting: deque[Work] = deque()
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._is_waited_for = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """Return how many pieces are not written yet."""
        return len(self._waiting)

    def start(self) -> None:
        """Begin to write; starting twice is harmless."""
        if self._running is None:
            self._running = asyncio.create_task(self._run())

    def stop(self) -> None:
        """Write no more."""
        if self._running is not None:
            self._running.cancel()

    def submit(self, work: Work) -> None:
        """Add work; the oldest makes way when 20 000 pieces wait."""
        if len(self._waiting) >= WAITING_AT_MOST:
            self._waiting.popleft()
            logger.error("call writer full")
        self._waiting.append(work)
        self._idle.clear()
        self._arrived.set()

    async def finished(self, *, within_s: float) -> bool:
        """Wait until all is written; return whether it is."""
        self._is_waited_for.set()
        try:
            async with asyncio.timeout(within_s):
                await self._idle.wait()
        except TimeoutError:
            return False
        finally:
            self._is_waited_for.clear()
        return True

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            await self._gather()
            self._arrived.clear()
            while self._waiting:
                try:
                    await self._desk.ask(self._do_waiting)
                except (OperationalError, InterfaceError):
                    logger.warning("call not written, trying again")
                    await asyncio.sleep(RETRY_S)
            self._idle.set()

    async def _gather(self) -> None:
        """Let the rest of a turn come, unless somebody waits for the end."""
        try:
            async with asyncio.timeout(GATHER_S):
                await self._is_waited_for.wait()
        except TimeoutError:
            return

    def _do_waiting(self) -> None:
        """Do what waits, on a thread; work to be tried again stays in front."""
        together = list(self._waiting)
        try:
            with tenancy.scope(self._organization_id):
                for work in together:
                    work()
        except (OperationalError, InterfaceError):
            raise
        except NEVER_WRITTEN:
            self._do_one_by_one()
        else:
            for _ in together:
                self._waiting.popleft()

    def _do_one_by_one(self) -> None:
        """Let go of what spoils the others' transaction."""
        while self._waiting:
            try:
                with tenancy.scope(self._organization_id):
                    self._waiting[0]()
            except (OperationalError, InterfaceError):
                raise
            except NEVER_WRITTEN as error:
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

    async def see_written(self, writer: Writer, *, within_s: float) -> None:
        """Wait until all is written; go on in the background if that takes longer."""
        if await writer.finished(within_s=within_s):
            writer.stop()
            return
        logger.warning("call not written yet", extra={"count": writer.waiting})
        task = asyncio.create_task(self._go_on(writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finished(self, *, within_s: float) -> None:
        """Wait for all leftovers, for so long at most."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within_s)

    async def _go_on(self, writer: Writer) -> None:
        if not await writer.finished(within_s=KEEPS_TRYING_S):
            logger.error("call never written", extra={"count": writer.waiting})
        writer.stop()
