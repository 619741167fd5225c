"""What goes out on one socket: a short queue, written by one task."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final

from telephony.carrier.telnyx.media import (
    CLEAR_MESSAGE,
    mark_message,
    media_message,
)

UNREAD_BYTES_AT_MOST: Final = 256 * 1024

Send = Callable[[dict[str, Any]], Awaitable[None]]


class UnreadOutputError(Exception):
    """The other side does not read what we send."""


class Outbox:
    """The line's way out (`pacer.ToCarrier`); each call returns at once."""

    def __init__(self) -> None:
        """Start empty."""
        self._waiting: deque[str] = deque()
        self._bytes = 0
        self._arrived = asyncio.Event()
        self._is_full = False
        self._writer: asyncio.Task[None] | None = None

    def media(self, payload: bytes) -> None:
        """Send 20 ms of G.711."""
        self._put(media_message(payload))

    def mark(self, name: str) -> None:
        """Ask for an echo."""
        self._put(mark_message(name))

    def clear(self) -> None:
        """Have the carrier drop what it has not played; sound of ours waits no more."""
        self._waiting.clear()
        self._bytes = 0
        self._put(CLEAR_MESSAGE)

    async def run(self, send: Send) -> None:
        """Write until cancelled.

        Raises:
            UnreadOutputError: If more than 256 KB wait to be read.
        """
        self._writer = asyncio.create_task(self._write(send))
        try:
            await self._writer
        except asyncio.CancelledError:
            self._writer.cancel()
            if self._is_full:
                raise UnreadOutputError from None
            raise

    async def _write(self, send: Send) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                text = self._waiting.popleft()
                self._bytes -= len(text)
                await send({"type": "websocket.send", "text": text})

    def _put(self, text: str) -> None:
        self._waiting.append(text)
        self._bytes += len(text)
        self._arrived.set()
        if self._bytes > UNREAD_BYTES_AT_MOST:
            self._give_up()

    def _give_up(self) -> None:
        """End the writer, which waits for a reader: it cannot notice by itself."""
        self._is_full = True
        self._waiting.clear()
        self._bytes = 0
        if self._writer is not None:
            self._writer.cancel()
