"""Bodies that are sent piece by piece, whichever server reads them."""

import logging
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Final

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.http import HttpRequest

logger = logging.getLogger(__name__)

# Threads of their own: a storage that does not answer keeps them, and nobody else's.
_FETCHERS: Final = ThreadPoolExecutor(8, thread_name_prefix="body")


def for_server(
    request: HttpRequest, pieces: Iterator[bytes]
) -> Iterator[bytes] | AsyncIterator[bytes]:
    """Return the pieces as the server reads them: one is in memory at a time.

    Under ASGI Django would collect a plain iterator whole before it sends any of it.
    """
    return _OneByOne(pieces) if isinstance(request, ASGIRequest) else pieces


class _OneByOne:
    """Takes each piece in a thread of ours, and lets them end in one."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._turn = threading.Lock()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        take = sync_to_async(self._take, thread_sensitive=False, executor=_FETCHERS)
        if (piece := await take()) is None:
            raise StopAsyncIteration
        return piece

    def close(self) -> None:
        """Let the pieces end, once the one that is being made is there.

        Django calls it when all is sent, and when whoever reads is gone. They have
        taken along what was sent: what the pieces do at their end, a row of the record
        say, is done all the same. Nobody waits for it here.
        """
        _FETCHERS.submit(copy_context().run, self._end).add_done_callback(_say)

    def _take(self) -> bytes | None:
        with self._turn:
            try:
                return next(self._pieces, None)
            finally:
                # Another thread may take the next one; none keeps a connection.
                close_old_connections()

    def _end(self) -> None:
        end = getattr(self._pieces, "close", None)
        if end is None:
            return
        with self._turn:
            try:
                end()
            finally:
                close_old_connections()


def _say(ended: "Future[None]") -> None:
    error = ended.exception()
    if error is not None:
        logger.error("body did not end well", exc_info=error)
