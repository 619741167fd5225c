"""Examples of the REST API's answers and bodies, made from their shapes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from accounts.shapes import Shape

_BY_FORMAT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "uuid": "019ab1c0-5e2a-7c31-9d04-6f1a2b3c4d5e",
        "date-time": "2026-11-20T15:42:00Z",
        "uri": "https://voice.example/api/v1/…",
        "password": "correct horse battery staple",
    }
)
_BY_KIND: Final[Mapping[str, Any]] = MappingProxyType(
    {"string": "text", "integer": 1, "number": 1.5, "boolean": True}
)
_CODES: Final[Mapping[int, str]] = MappingProxyType(
    {
        400: "invalid",
        401: "not_authenticated",
        403: "permission_denied",
        404: "not_found",
        409: "conflict",
        415: "unsupported_media_type",
        422: "idempotency_key_reused",
        429: "throttled",
        503: "passwords_busy",
    }
)


def example_of(shape: Shape) -> Any:
    """Return a value of this shape; a part with an `example` says its own."""
    if "example" in shape:
        return shape["example"]
    if "enum" in shape:
        return shape["enum"][0]
    kind = shape["type"][0] if isinstance(shape["type"], list) else shape["type"]
    if kind == "object":
        parts: Mapping[str, Shape] = shape.get("properties", {})
        return {name: example_of(part) for name, part in parts.items()}
    if kind == "array":
        return [example_of(shape["items"])]
    return _BY_FORMAT.get(shape.get("format", ""), _BY_KIND[kind])


def example_problem(status: int, words: str) -> dict[str, Any]:
    """Return a problem document of this status."""
    return {
        "type": "about:blank",
        "status": status,
        "code": _CODES[status],
        "detail": words,
    }
