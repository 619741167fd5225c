"""The media process: starts the vendors once, serves streams, says when it is ready."""

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from channels.routing import URLRouter
from django.conf import settings

from sondervoice.routing import has_route, media_router
from sondervoice.vendors import OnDeviceVendors, ProcessVendors
from sondervoice.voice_line import LineBuilder
from telephony.media import MediaStream
from telephony.media_desk import MediaDesk
from telephony.voice.metronome import Metronome

logger = logging.getLogger(__name__)

# The supervisor's patience with a process that is to stop is ten seconds.
WRITTEN_WITHIN_S: Final = 3.0

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class MediaProcess:
    """An ASGI application: lifespan, media streams, and `/readyz`."""

    def __init__(self) -> None:
        """Start nothing before the server's lifespan does."""
        self._vendors: ProcessVendors = self.make_vendors()
        self._metronome = Metronome()
        self._router: URLRouter | None = None

    def make_vendors(self) -> ProcessVendors:
        """Return who hears, thinks and speaks; the bench puts others here."""
        return OnDeviceVendors()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._say_ready(scope, send)
        elif self._router is None:
            await send({"type": "websocket.close", "code": 1013})
        else:
            await self._serve(self._router, scope, receive, send)

    async def _serve(
        self, router: URLRouter, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if has_route(router, scope["path"]):
            await router(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 4404})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        vendors = await self._vendors.start()
        desk = MediaDesk(
            self._metronome,
            calls_at_most=settings.CALLS_AT_ONCE,
            minutes_at_most=settings.CALL_MINUTES_AT_MOST,
        )
        builder = LineBuilder(vendors, desk)
        self._router = media_router(MediaStream(builder, desk))
        # What was loaded until now stays: walking all of it again and again for what a
        # call leaves behind took a twelfth of a frame's time, in pauses of 50 ms.
        gc.collect()
        gc.freeze()
        self._metronome.start(last=vendors.activity.flush)
        await send({"type": "lifespan.startup.complete"})
        try:
            await receive()
        except asyncio.CancelledError:
            logger.info("media process cancelled")
        self._router = None
        await builder.leftovers.finished(within_s=WRITTEN_WITHIN_S)
        self._metronome.stop()
        await self._vendors.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _say_ready(self, scope: Scope, send: Send) -> None:
        status, body = 404, b"no such address\n"
        if scope["path"] == "/readyz" and self._router is not None:
            status, body = 200, b"ready\n"
        elif scope["path"] == "/readyz":
            status, body = 503, b"not ready\n"
        headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
        await send(
            {"type": "http.response.start", "status": status, "headers": headers}
        )
        await send({"type": "http.response.body", "body": body})
