"""The media process: starts the vendors once, serves streams, says when it is ready."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

from sondervoice.routing import media_router
from sondervoice.vendors import OnDeviceVendors, ProcessVendors
from sondervoice.voice_line import LineBuilder
from telephony.media import MediaStream
from telephony.media_desk import MediaDesk
from telephony.voice.metronome import Metronome

logger = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class MediaProcess:
    """An ASGI application: lifespan, media streams, and `/readyz`."""

    def __init__(self) -> None:
        """Start nothing before the server's lifespan does."""
        self._vendors: ProcessVendors = self.make_vendors()
        self._metronome = Metronome()
        self._router: App | None = None

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
        self, router: App, scope: Scope, receive: Receive, send: Send
    ) -> None:
        try:
            await router(scope, receive, send)
        except ValueError:
            # Channels' router says so when no address fits.
            await send({"type": "websocket.close", "code": 4404})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        vendors = await self._vendors.start()
        desk = MediaDesk(
            self._metronome,
            calls_at_most=settings.CALLS_AT_ONCE,
            minutes_at_most=settings.CALL_MINUTES_AT_MOST,
        )
        self._router = media_router(MediaStream(LineBuilder(vendors, desk), desk))
        self._metronome.start(last=vendors.activity.flush)
        await send({"type": "lifespan.startup.complete"})
        try:
            await receive()
        except asyncio.CancelledError:
            logger.info("media process cancelled")
        self._router = None
        self._metronome.stop()
        await self._vendors.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _say_ready(self, scope: Scope, send: Send) -> None:
        is_ready = scope["path"] == "/readyz" and self._router is not None
        status = 200 if is_ready else 503 if scope["path"] == "/readyz" else 404
        headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
        await send(
            {"type": "http.response.start", "status": status, "headers": headers}
        )
        body = b"ready\n" if is_ready else b"not ready\n"
        await send({"type": "http.response.body", "body": body})
