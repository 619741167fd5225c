"""A person's package: a page to read, JSON to take elsewhere, sound, a manifest."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone

from compliance.rights.package.contents import Contents, Section
from compliance.rights.package.zip_stream import Written, ZipEntry, stream_zip
from sondervoice.kernel.subject_data import SubjectItem

SCHEMA: Final = "sondervoice.person"
VERSION: Final = 1
_TEXT: Final = {"type": "string"}


def write_package(contents: Contents) -> Iterator[bytes]:
    """Yield the zip, one piece of sound in memory at a time."""
    written = Written()
    return stream_zip(_entries(contents, written), written)


def _entries(contents: Contents, written: Written) -> Iterator[ZipEntry]:
    yield ZipEntry(name="index.html", pieces=[_page(contents).encode()])
    yield ZipEntry(name="data.json", pieces=[_json(data_of(contents))])
    yield ZipEntry(name="data.schema.json", pieces=[_json(schema_of(contents))])
    for file in contents.files:
        yield ZipEntry(name=f"audio/{file.name}", pieces=file.pieces())
    manifest = {
        "made_at": contents.made_at.isoformat(),
        "schema": SCHEMA,
        "version": VERSION,
        "files": written.files,
        **({"taken": contents.mark.as_json()} if contents.mark else {}),
    }
    yield ZipEntry(name="manifest.json", pieces=[_json(manifest)])


def data_of(contents: Contents) -> dict[str, Any]:
    """Return what ``data.json`` holds."""
    lists = {
        section.holder.name: [
            {"id": str(item.id), **item.values} for item in section.items
        ]
        for section in contents.sections
    }
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "made_at": contents.made_at.isoformat(),
        "clinic": contents.clinic,
        "phone": contents.phone,
        **lists,
        "looks": contents.looks,
        "processors": contents.processors,
    }


def schema_of(contents: Contents) -> dict[str, Any]:
    """Return the JSON Schema of ``data.json``."""
    lists = {section.holder.name: _list_of(section) for section in contents.sections}
    look = dict.fromkeys(("at", "by", "did"), _TEXT)
    properties: dict[str, Any] = {
        "schema": {"const": SCHEMA},
        "version": {"const": VERSION},
        "made_at": {"type": "string", "format": "date-time"},
        "clinic": _TEXT,
        "phone": _TEXT,
        **lists,
        "looks": {"type": "array", "items": _object(look)},
        "processors": {"type": "array", "items": _TEXT},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_object(properties),
    }


def _list_of(section: Section) -> dict[str, Any]:
    values = {"id": {"type": "string", "format": "uuid"}, **section.holder.schema}
    return {"type": "array", "items": _object(values)}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _page(contents: Contents) -> str:
    with timezone.override(ZoneInfo(contents.timezone)):
        return render_to_string(
            "compliance/rights/package.html",
            {
                "contents": contents,
                "sections": [_shown(section) for section in contents.sections],
                "looks": [
                    {**look, "at": datetime.fromisoformat(look["at"])}
                    for look in contents.looks
                ],
            },
        )


def _shown(section: Section) -> dict[str, Any]:
    return {
        "name": section.holder.name,
        "title": section.holder.title,
        "items": [_shown_item(item) for item in section.items],
    }


def _shown_item(item: SubjectItem) -> dict[str, Any]:
    """Return an item's single values as rows, its lists as tables."""
    rows, tables = [], []
    files = [(file.name, f"audio/{quote(file.name)}") for file in item.files]
    for name, value in item.values.items():
        label = name.replace("_", " ").capitalize()
        if isinstance(value, list):
            if value:
                tables.append((label, _table(value)))
        elif isinstance(value, dict):
            rows += [
                (f"{label}: {key.replace('_', ' ')}", _read(one))
                for key, one in value.items()
            ]
        else:
            rows.append((label, _read(value)))
    return {"title": item.title, "rows": rows, "tables": tables, "files": files}


def _table(value: list[Any]) -> dict[str, Any]:
    first = value[0]
    if not isinstance(first, dict):
        return {"heads": [], "rows": [[_read(one)] for one in value]}
    heads = [name.replace("_", " ").capitalize() for name in first]
    return {
        "heads": heads,
        "rows": [[_read(one) for one in row.values()] for row in value],
    }


def _read(value: object) -> str:
    """Return a value for a reader: times in the clinic's zone, nothing as a dash."""
    if value is None or value == "":
        return "–"  # noqa: RUF001 -- a dash in a table
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and len(value) >= 20 and value[10:11] == "T":
        try:
            at = timezone.localtime(datetime.fromisoformat(value))
        except ValueError:
            return value
        return f"{at:%-d %B %Y, %H:%M:%S}"
    return str(value)
