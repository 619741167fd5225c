"""Checks a body against its shape, so that the document and the check are one.

Knows the words of `accounts.shapes` and no others. What the shape does not name is
refused by name: nobody sets a role or an organization by adding a field.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from rest_framework.exceptions import ValidationError

from accounts.shapes import Shape

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# RFC 3339, which OpenAPI means by `date-time`; Python reads more.
_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)"
)


class UnknownFieldsError(ValidationError):
    """Something was sent that the shape does not name.

    Attributes:
        count: How many fields.
    """

    def __init__(self, wrong: Mapping[str, list[str]], *, count: int) -> None:
        """Say all that is wrong with the body."""
        super().__init__(wrong)
        self.count = count


class _WrongError(ValueError):
    """The value does not fit; the message says what would."""


def read_body(sent: Any, shape: Shape) -> dict[str, Any]:
    """Return the fields of the body, ids and times as such.

    Raises:
        UnknownFieldsError: If a field is unknown; all that is wrong is named.
        ValidationError: If one is missing or not right; likewise.
    """
    if not isinstance(sent, Mapping):
        raise ValidationError({"body": ["must be a JSON object"]})
    known: Mapping[str, Shape] = shape["properties"]
    unknown = [name for name in sent if name not in known]
    # A name that was sent is shown again, so not much of it.
    wrong = {name[:60]: ["is not known"] for name in unknown}
    wrong |= {
        name: ["is missing"] for name in shape.get("required", ()) if name not in sent
    }
    read: dict[str, Any] = {}
    for name, part in known.items():
        if name in sent:
            try:
                read[name] = _read(sent[name], part)
            except _WrongError as error:
                wrong[name] = [str(error)]
    if len(sent) < shape.get("minProperties", 0):
        wrong["body"] = ["must have a field at least"]
    if unknown:
        raise UnknownFieldsError(wrong, count=len(unknown))
    if wrong:
        raise ValidationError(wrong)
    return read


def _read(value: Any, shape: Shape) -> Any:
    kinds = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
    if value is None and "null" in kinds:
        return None
    return _READERS[kinds[0]](value, shape)


def _text(value: Any, shape: Shape) -> Any:
    if not isinstance(value, str):
        raise _WrongError("must be a text")
    if "enum" in shape and value not in shape["enum"]:
        known = ", ".join(word for word in shape["enum"] if word is not None)
        raise _WrongError(f"must be one of {known}")
    if any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in value):
        raise _WrongError("must have no control characters")
    at_least, at_most = shape.get("minLength", 0), shape.get("maxLength", 1_000)
    if not at_least <= len(value) <= at_most:
        raise _WrongError(f"must have {at_least} to {at_most} characters")
    if at_least and not value.strip():
        raise _WrongError("must not be blank")
    return _FORMATS.get(shape.get("format", ""), str)(value)


def _id(value: str) -> UUID:
    if not _UUID.fullmatch(value):
        raise _WrongError("must be an id")
    return UUID(value)


def _time(value: str) -> datetime:
    if not _TIME.fullmatch(value):
        raise _WrongError("must be a time as 2027-01-31T17:00:00Z")
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        raise _WrongError("must be a time that exists") from None


def _whole(value: Any, shape: Shape) -> int:
    if type(value) is not int:
        raise _WrongError("must be a whole number")
    if not shape.get("minimum", value) <= value <= shape.get("maximum", value):
        raise _WrongError(f"must be from {shape['minimum']} to {shape['maximum']}")
    return value


def _yes_no(value: Any, shape: Shape) -> bool:
    if type(value) is not bool:
        raise _WrongError("must be true or false")
    return value


def _list(value: Any, shape: Shape) -> list[Any]:
    if not isinstance(value, list):
        raise _WrongError("must be a list")
    at_least, at_most = shape.get("minItems", 0), shape.get("maxItems", 100)
    if not at_least <= len(value) <= at_most:
        raise _WrongError(f"must have {at_least} to {at_most} entries")
    read = [_read(one, shape["items"]) for one in value]
    if shape.get("uniqueItems") and len(set(read)) < len(read):
        raise _WrongError("must have each entry once")
    return read


_FORMATS: Final[Mapping[str, Callable[[str], Any]]] = {"uuid": _id, "date-time": _time}
_READERS: Final[Mapping[str, Callable[[Any, Shape], Any]]] = {
    "string": _text,
    "integer": _whole,
    "boolean": _yes_no,
    "array": _list,
}
