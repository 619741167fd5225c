"""The REST API described: for programs as OpenAPI, for people as a page of ours.

Both come from one document, so they cannot disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from accounts.access import public
from accounts.shapes import Shape

MEDIA_TYPE = "application/vnd.oai.openapi+json;version=3.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of an answer; a field of a field has a dot in its name."""

    name: str
    kind: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One address, as the page shows it."""

    anchor: str
    verb: str
    path: str
    summary: str
    parameters: list[Field]
    sent: list[Field]
    fields: list[Field]
    refusals: list[tuple[str, str]]


@public("says how the API is spoken, and nothing of anybody")
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """Give the document."""
    return JsonResponse(document(), content_type=MEDIA_TYPE)


@public("says how the API is spoken, and nothing of anybody")
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show the document."""
    context = {"operations": operations(), "base": settings.PUBLIC_BASE_URL}
    return render(request, "api/docs.html", context)


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document of this version."""
    # Loaded when it is first asked for: it is a third of a second of each start.
    generator = import_string("drf_spectacular.generators.SchemaGenerator")()
    found: dict[str, Any] = generator.get_schema(public=True)
    return found


@cache
def operations() -> list[Operation]:
    """Return what the document says, address by address."""
    return [
        _operation(verb, path, said)
        for path, verbs in document()["paths"].items()
        for verb, said in verbs.items()
    ]


def _operation(verb: str, path: str, said: Shape) -> Operation:
    answers = said["responses"]
    done = next(status for status in answers if status.startswith("2"))
    return Operation(
        anchor=said["operationId"],
        verb=verb.upper(),
        path=path,
        summary=said["summary"],
        parameters=[
            Field(
                name=one["name"],
                kind=_kind(one["schema"]),
                about=_about(one),
            )
            for one in said.get("parameters", ())
        ],
        sent=_fields_of(said.get("requestBody", {})),
        fields=_fields_of(answers[done]),
        refusals=[
            (status, answer["description"])
            for status, answer in answers.items()
            if status != done
        ],
    )


def _fields_of(part: Shape) -> list[Field]:
    """Return the fields of a body or an answer; none where it is empty."""
    contents = part.get("content", {}).values()
    return [field for one in contents for field in _fields(_rows(one["schema"]))]


def _about(parameter: Shape) -> str:
    usual = parameter["schema"].get("default")
    words = [parameter.get("description"), usual is not None and f"usual: {usual}"]
    return "; ".join(word for word in words if word)


def _opened(shape: Shape) -> Shape:
    """Return the component that a reference names, or the shape itself."""
    if "$ref" not in shape:
        return shape
    name = shape["$ref"].rpartition("/")[2]
    found: Shape = document()["components"]["schemas"][name]
    return found


def _rows(shape: Shape) -> Shape:
    """Return the shape of one row, for a page, a list, or a thing alone."""
    shape = _opened(shape)
    if "results" in shape.get("properties", {}):
        shape = shape["properties"]["results"]
    return _opened(shape["items"]) if "items" in shape else shape


def _fields(shape: Shape, before: str = "") -> Iterator[Field]:
    for name, part in shape["properties"].items():
        whole = f"{before}{name}"
        yield Field(name=whole, kind=_kind(part), about=part.get("description", ""))
        if "properties" in part:
            yield from _fields(part, f"{whole}.")


def _kind(shape: Shape) -> str:
    """Return a shape in words: ``time or null``, ``new, handled``."""
    kinds = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
    if "enum" in shape:
        words = [word for word in shape["enum"] if word is not None]
        kinds = [", ".join(words), *(["null"] if "null" in kinds else [])]
    if "format" in shape:
        kinds = [_FORMATS.get(shape["format"], shape["format"]), *kinds[1:]]
    if kinds[0] == "array":
        kinds = [f"list of {_kind(shape['items'])}", *kinds[1:]]
    return " or ".join(kinds)


_FORMATS = {"date-time": "time", "uuid": "id", "uri": "address"}
