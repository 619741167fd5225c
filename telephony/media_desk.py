"""Where the media process meets the database: short questions on a few threads."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Final, ParamSpec, TypeVar

from django.db import Error as DatabaseError
from django.db import close_old_connections

from sondervoice.kernel.clock import utc_now
from telephony.errors import StreamTokenRefusedError
from telephony.file_thread import FileThread
from telephony.heartbeats import Heartbeats
from telephony.services import keep_line, open_stream
from telephony.services.open_stream import OpenedCall
from telephony.voice.metronome import Metronome

logger = logging.getLogger(__name__)

END_AGAIN_S: Final = 0.5
THREADS: Final = 8

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
        files: The thread that never waits for the database.
        heartbeats: The signs of life of the calls we hold.
    """

    def __init__(
        self, metronome: Metronome, *, calls_at_most: int, minutes_at_most: int
    ) -> None:
        """Hold at most so many calls, each for so long."""
        self.metronome = metronome
        self.calls = 0
        self.files = FileThread()
        self._calls_at_most = calls_at_most
        self._threads = Threads(THREADS, "desk")
        self.heartbeats = Heartbeats(self.ask, minutes_at_most=minutes_at_most)

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
