"""Writes what a call leaves behind, in order, without holding up its sound."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Final

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError

from compliance.keys.sealing import SealBrokenError
from sondervoice.kernel.errors import SonderError
from telephony.media_desk import MediaDesk

logger = logging.getLogger(__name__)

RETRY_S: Final = 1.0
WAITING_AT_MOST: Final = 20_000

Work = Callable[[], object]


class CallWriter:
    """One call's writing: `submit` returns at once, a thread does the work in order.

    Work that fails because the database is away is kept and tried again. What can never
    be written is let go, so that the rest of the call is.
    """

    def __init__(self, desk: MediaDesk) -> None:
        """Write on the desk's threads."""
        self._desk = desk
        self._waiting: deque[Work] = deque()
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

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
