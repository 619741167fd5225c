"""Where the media process meets the database: short questions on a few threads."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final, ParamSpec, TypeVar

from django.db import Error as DatabaseError
from django.db import close_old_connections

from sondervoice.kernel.clock import utc_now
from telephony.errors import StreamTokenRefusedError
from telephony.services import keep_line, open_stream
from telephony.services.open_stream import OpenedCall
from telephony.voice.metronome import Metronome

logger = logging.getLogger(__name__)

BEAT_S: Final = 5.0
THREADS: Final = 8

P = ParamSpec("P")
R = TypeVar("R")


class MediaDesk:
    """Asks the database for the calls of one process.

    Attributes:
        metronome: The process's beat of 20 ms.
        calls: How many calls are held now.
    """

    def __init__(
        self, metronome: Metronome, *, calls_at_most: int, minutes_at_most: int
    ) -> None:
        """Hold at most so many calls, each for so long."""
        self.metronome = metronome
        self.calls = 0
        self._calls_at_most = calls_at_most
        self._minutes_at_most = minutes_at_most
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="desk")

    async def ask(
        self, question: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Return the answer of a blocking question, asked on a thread of ours."""

        def work() -> R:
            close_old_connections()
            return question(*args, **kwargs)

        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, work)

    async def open(self, token: str) -> OpenedCall:
        """Trade a token for its call.

        Raises:
            StreamTokenRefusedError: If it is no good, or we hold as many as we can.
        """
        if self.calls >= self._calls_at_most or len(token) > 100:
            raise StreamTokenRefusedError
        return await self.ask(open_stream.open_stream, token=token, now=utc_now())

    async def burn(self, call: OpenedCall) -> None:
        """Note that the token was used on its own call."""
        await self.ask(
            open_stream.burn_token,
            organization_id=call.organization_id,
            token_id=call.token_id,
            now=utc_now(),
        )

    async def end(self, call: OpenedCall, how: str) -> None:
        """Note how the line ended."""
        await self.ask(
            keep_line.end_line,
            organization_id=call.organization_id,
            call_id=call.call_id,
            how=how,
            now=utc_now(),
        )

    @asynccontextmanager
    async def holding(self, call: OpenedCall) -> AsyncIterator[asyncio.Task[str]]:
        """Give signs of life; the task ends when the call must end, and says why."""
        self.calls += 1
        beat = asyncio.create_task(self._beat(call))
        try:
            yield beat
        finally:
            self.calls -= 1
            beat.cancel()

    async def _beat(self, call: OpenedCall) -> str:
        """Return ``gone`` when the call has ended elsewhere, or ``too_long``."""
        for _ in range(int(self._minutes_at_most * 60 / BEAT_S)):
            await asyncio.sleep(BEAT_S)
            try:
                is_open = await self.ask(
                    keep_line.beat_line,
                    organization_id=call.organization_id,
                    call_id=call.call_id,
                    now=utc_now(),
                )
            except DatabaseError:
                # The caller is better served by a call that goes on without a record
                # of this beat than by one that ends with the database.
                logger.warning("beat not written")
                continue
            if not is_open:
                return "gone"
        return "too_long"
