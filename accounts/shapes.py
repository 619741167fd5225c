"""Words to say how an answer of the REST API looks: JSON Schema, as OpenAPI 3.1 has it.

A shape with a `title` becomes a component of the document under that name.
"""

from collections.abc import Iterable
from typing import Any, Final

Shape = dict[str, Any]

TEXT: Final[Shape] = {"type": "string"}
WHOLE: Final[Shape] = {"type": "integer"}
YES_NO: Final[Shape] = {"type": "boolean"}
ID: Final[Shape] = {"type": "string", "format": "uuid"}
TIME: Final[Shape] = {"type": "string", "format": "date-time"}
ADDRESS: Final[Shape] = {"type": "string", "format": "uri"}


def said(shape: Shape, words: str) -> Shape:
    """Return the shape with a sentence about what it means."""
    return {**shape, "description": words}


def maybe(shape: Shape) -> Shape:
    """Return the shape or null."""
    if "enum" in shape:
        shape = {**shape, "enum": [*shape["enum"], None]}
    return {**shape, "type": [shape["type"], "null"]}


def one_word(choices: Iterable[str]) -> Shape:
    """Return the shape of one of these words."""
    return {"type": "string", "enum": list(choices)}


def text(at_least: int, at_most: int) -> Shape:
    """Return the shape of a text of so many characters, both inclusive."""
    return {"type": "string", "minLength": at_least, "maxLength": at_most}


def body(title: str, required: Iterable[str], /, **fields: Shape) -> Shape:
    """Return what is sent: an object of these fields, some of them required."""
    return {"title": title, **record(**fields), "required": list(required)}


def record(title: str = "", /, **fields: Shape) -> Shape:
    """Return an object with exactly these fields, all of them always there."""
    shape: Shape = {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
    return {"title": title, **shape} if title else shape


def rows(shape: Shape, **limits: int | bool) -> Shape:
    """Return a list, within limits such as ``maxItems=50``."""
    return {"type": "array", "items": shape, **limits}


def page_of(shape: Shape) -> Shape:
    """Return a page: rows, and where the next and the previous begin."""
    return record(next=maybe(ADDRESS), previous=maybe(ADDRESS), results=rows(shape))


PROBLEM: Final = {
    **record(
        "Problem",
        type=TEXT,
        status=WHOLE,
        code=said(TEXT, "stable, for programs"),
        detail=said(TEXT, "for people; may change"),
        errors={"type": "object", "description": "by name of the parameter"},
    ),
    "required": ["type", "status", "code", "detail"],
}
