"""All addresses of the product and what each says of itself, from the URL resolver."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.permissions import Permission
from accounts.roles.sockets import known_sockets


class EndpointKind(StrEnum):
    """How an address is spoken to."""

    PAGE = "page"
    API = "api"
    SOCKET = "socket"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One address.

    Attributes:
        route: As it is written: ``/app/calls/<uuid:call_id>/``.
        name: As `reverse` takes it; empty when it has none.
        permission: Null when it says why everybody may come.
        public_because: Empty when it asks for a permission.
        handler: What answers; null for a socket, which another process serves.
        verb: Of a write of the API that asks for another permission than reading.
    """

    route: str
    name: str
    kind: EndpointKind
    permission: Permission | None
    public_because: str
    handler: Callable[..., Any] | None = None
    verb: str = ""


def list_endpoints() -> list[Endpoint]:
    """Return every address over HTTP and WebSocket, in the order of the resolver."""
    sockets = [
        Endpoint(
            route=f"/{one.route}",
            name="",
            kind=EndpointKind.SOCKET,
            permission=one.permission,
            public_because=one.public_because,
        )
        for one in known_sockets()
    ]
    return [*_walk(get_resolver().url_patterns, "/", ""), *sockets]


def _walk(
    patterns: Sequence[URLPattern | URLResolver], prefix: str, space: str
) -> Iterator[Endpoint]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner)
        else:
            endpoint = _endpoint(pattern, route, space)
            yield endpoint
            yield from _writes(endpoint)


def _writes(endpoint: Endpoint) -> Iterator[Endpoint]:
    """Yield what each write of the API asks for, beside the reading."""
    handler = getattr(endpoint.handler, "cls", None)
    for verb, write in getattr(handler, "writes", {}).items():
        yield replace(endpoint, verb=verb.upper(), permission=write.permission)


def _endpoint(pattern: URLPattern, route: str, space: str) -> Endpoint:
    view = pattern.callback
    # Class-based views stand behind one of these two.
    handler = getattr(view, "view_class", getattr(view, "cls", view))
    said = _first(view, handler, "permission")
    return Endpoint(
        route=route,
        name=f"{space}{pattern.name}" if pattern.name else "",
        kind=EndpointKind.API if route.startswith("/api/") else EndpointKind.PAGE,
        permission=said if isinstance(said, Permission) else None,
        public_because=str(_first(view, handler, "public_because") or ""),
        handler=view,
    )


def _first(view: object, handler: object, word: str) -> object:
    return getattr(view, word, getattr(handler, word, None))
