"""Where the media process meets the database: short questions on a few threads."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Final, ParamSpec, TypeVar

from django.db import Error as DatabaseError
from django.db import close_old_connections

from sondervoice.kernel.clock import utc_now
from telephony.errors import StreamTokenRefusedError
from telephony.services import keep_line, open_stream
from telephony.services.keep_line import Standing
from telephony.services.open_stream import OpenedCall
from telephony.voice.metronome import Metronome

logger = logging.getLogger(__name__)

BEAT_S: Final = 5.0
END_AGAIN_S: Final = 0.5
THREADS: Final = 8
# Sound goes to files on threads of its own: the others may all wait for a database.
FILE_THREADS: Final = 2

P = ParamSpec("P")
R = TypeVar("R")


class Threads:
    """Runs blocking work for a loop that must never block."""

    def __init__(self, number: int, name: str) -> None:
        """Start at most so many threads, named for whoever looks at them."""
        self._pool = ThreadPoolExecutor(number, thread_name_prefix=name)

    async def ask(
        self, question: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Return the answer of a blocking question, asked on a thread of ours."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._pool, partial(question, *args, **kwargs)
        )


class MediaDesk:
    """Asks the database for the calls of one process.

    Attributes:
        metronome: The process's beat of 20 ms.
        calls: How many places are taken now.
        files: Threads that never wait for the database.
    """

    def __init__(
        self, metronome: Metronome, *, calls_at_most: int, minutes_at_most: int
    ) -> None:
        """Hold at most so many calls, each for so long."""
        self.metronome = metronome
        self.calls = 0
        self.files = Threads(FILE_THREADS, "files")
        self._calls_at_most = calls_at_most
        self._minutes_at_most = minutes_at_most
        self._threads = Threads(THREADS, "desk")

    async def ask(
        self, question: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Return the answer of a blocking question, asked on a thread of ours."""

        def work() -> R:
            close_old_connections()
            return question(*args, **kwargs)

        return await self._threads.ask(work)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take one of our places before anybody waits for anything.

        Raises:
            StreamTokenRefusedError: If we hold as many calls as we can.
        """
        if self.calls >= self._calls_at_most:
            raise StreamTokenRefusedError
        self.calls += 1
        try:
            yield
        finally:
            self.calls -= 1

    async def open(self, token: str) -> OpenedCall:
        """Trade a token for its call.

        Raises:
            StreamTokenRefusedError: If it is no good.
        """
        if len(token) > 100:
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

    async def end(self, call: OpenedCall, how: str, *, within_s: float) -> None:
        """Note how the line ended, trying again while the database is away.

        What cannot be noted in time is left to the sweep of lost calls.
        """
        try:
            async with asyncio.timeout(within_s):
                while True:
                    try:
                        await self._end(call, how)
                    except DatabaseError:
                        await asyncio.sleep(END_AGAIN_S)
                    else:
                        return
        except TimeoutError:
            logger.warning("end of line not written", extra={"code": how})

    async def _end(self, call: OpenedCall, how: str) -> None:
        await self.ask(
            keep_line.end_line,
            organization_id=call.organization_id,
            call_id=call.call_id,
            epoch=call.epoch,
            how=how,
            now=utc_now(),
        )

    @asynccontextmanager
    async def holding(self, call: OpenedCall) -> AsyncIterator[asyncio.Task[str]]:
        """Give signs of life; the task ends when the call must end, and says why."""
        beat = asyncio.create_task(self._beat(call))
        try:
            yield beat
        finally:
            beat.cancel()

    async def _beat(self, call: OpenedCall) -> str:
        """Return ``gone``, ``replaced`` by a newer line, or ``too_long``."""
        for _ in range(int(self._minutes_at_most * 60 / BEAT_S)):
            await asyncio.sleep(BEAT_S)
            try:
                standing = await self.ask(
                    keep_line.beat_line,
                    organization_id=call.organization_id,
                    call_id=call.call_id,
                    epoch=call.epoch,
                    now=utc_now(),
                )
            except DatabaseError:
                # The caller is better served by a call that goes on without a record
                # of this beat than by one that ends with the database.
                logger.warning("beat not written")
                continue
            if standing is not Standing.OPEN:
                return standing.value
        return "too_long"
