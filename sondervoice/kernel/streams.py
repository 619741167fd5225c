"""Bodies that are sent piece by piece, whichever server reads them."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.http import HttpRequest

# Threads of their own: a storage that does not answer keeps them, and nobody else's.
_FETCHERS: Final = ThreadPoolExecutor(8, thread_name_prefix="body")


def for_server(
    request: HttpRequest, pieces: Iterator[bytes]
) -> Iterator[bytes] | AsyncIterator[bytes]:
    """Return the pieces as the server reads them: one is in memory at a time.

    Under ASGI Django would collect a plain iterator whole before it sends any of it.
    """
    return _one_by_one(pieces) if isinstance(request, ASGIRequest) else pieces


async def _one_by_one(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    take = sync_to_async(
        lambda: _next(pieces), thread_sensitive=False, executor=_FETCHERS
    )
    while (piece := await take()) is not None:
        yield piece


def _next(pieces: Iterator[bytes]) -> bytes | None:
    try:
        return next(pieces, None)
    finally:
        # Another thread may take the next one; none keeps a connection for good.
        close_old_connections()
