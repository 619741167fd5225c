"""All addresses of the product, as the resolver has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address.

    Attributes:
        name: With its namespace, or the route itself where it has none.
        permission: Of the view; None for a public one.
        writes: Verbs of the API beside reading.
        handler: The view's class, or the view where it is a function.
    """

    name: str
    pattern: str
    parameters: tuple[str, ...]
    permission: Any
    public_because: str
    writes: tuple[str, ...]
    handler: Any

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/v1/")

    @property
    def is_operators(self) -> bool:
        return self.pattern.startswith("admin/")


def list_routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns))


def _walk(patterns, before: str = "", spaces: tuple[str, ...] = ()) -> Iterator[Route]:
    for one in patterns:
        pattern = before + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = (*spaces, one.namespace) if one.namespace else spaces
            yield from _walk(one.url_patterns, pattern, inner)
        elif isinstance(one, URLPattern):
            yield _route(one, pattern, spaces)


def _route(one: URLPattern, pattern: str, spaces: tuple[str, ...]) -> Route:
    view = one.callback
    handler = getattr(view, "view_class", getattr(view, "cls", view))
    said = {
        word: getattr(view, word, getattr(handler, word, None))
        for word in ("permission", "public_because")
    }
    found = (first or second for first, second in _PARAMETER.findall(pattern))
    return Route(
        name=":".join((*spaces, one.name)) if one.name else pattern,
        pattern=pattern,
        parameters=tuple(found),
        permission=said["permission"],
        public_because=said["public_because"] or "",
        writes=tuple(getattr(handler, "writes", ())),
        handler=handler,
    )
