"""All addresses over WebSocket of the web process; calls' sound has `routing`."""

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import SessionMiddlewareStack
from django.urls import path, re_path

from accounts.sessions.consumers import SessionWatch


class NothingHere(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels is untyped
    """Refuses an address that does not exist; the router alone would raise."""

    public_because = "there is nothing to see"

    async def connect(self) -> None:
        """Answer the handshake with 403."""
        await self.close()


def web_router() -> URLRouter:
    """Return the router of the dashboard's sockets."""
    return URLRouter(
        [
            path("ws/session/", SessionWatch.as_asgi()),
            re_path("", NothingHere.as_asgi()),
        ]
    )


def web_sockets() -> AllowedHostsOriginValidator:
    """Return the application: pages of our own hosts alone, with their session."""
    return AllowedHostsOriginValidator(SessionMiddlewareStack(web_router()))
