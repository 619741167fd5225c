"""All addresses over WebSocket, for the media process."""

from channels.routing import URLRouter
from django.urls import path

from telephony.media import MediaStream


def has_route(router: URLRouter, path: str) -> bool:
    """Return whether the router knows the address; called otherwise, it would raise."""
    return any(
        route.pattern.match(path.removeprefix("/")) is not None
        for route in router.routes
    )


def media_router(stream: MediaStream) -> URLRouter:
    """Return the router of the carrier's media streams."""
    # Django types its own views; Channels routes ASGI applications by the same means.
    return URLRouter([path("media/telnyx/<str:token>/", stream)])  # type: ignore[arg-type]
