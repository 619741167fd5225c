"""All of a clinic's data as one archive: JSON Lines, CSV, schemas, a manifest."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from compliance.rights.package.mark import Mark
from compliance.rights.package.zip_stream import Written, ZipEntry, stream_zip
from sondervoice.kernel.personal_data import Everything
from sondervoice.kernel.subject_data import (
    SubjectFile,
    SubjectHolder,
    SubjectItem,
    subject_holders,
)

SCHEMA: Final = "sondervoice.clinic"
VERSION: Final = 1
_ALL: Final = Everything()


@dataclass(slots=True)
class Counts:
    """How many rows each kind had, as they were written."""

    rows: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return how many rows there were in all."""
        return sum(self.rows.values())


def write_business_data(
    organization_id: UUID,
    *,
    counts: Counts,
    with_sound: bool,
    mark: Mark | None,
    now: datetime,
) -> Iterator[bytes]:
    """Yield the zip, in flat memory; `counts` grows as rows are written."""
    written = Written()
    entries = _entries(
        organization_id, counts, written, with_sound=with_sound, mark=mark, now=now
    )
    return stream_zip(entries, written)


def _entries(
    organization_id: UUID,
    counts: Counts,
    written: Written,
    *,
    with_sound: bool,
    mark: Mark | None,
    now: datetime,
) -> Iterator[ZipEntry]:
    if mark is not None:
        yield ZipEntry(name="READ-FIRST.txt", pieces=[f"{mark.line}\n".encode()])
    for holder in subject_holders():
        name = holder.name
        items = _items(holder, organization_id)
        lines = _lines(items, name, counts)
        yield ZipEntry(name=f"data/{name}.jsonl", pieces=lines)
        yield ZipEntry(
            name=f"data/{name}.csv",
            pieces=_table(_items(holder, organization_id), holder),
        )
        schema = json.dumps(row_schema(holder), indent=1).encode()
        yield ZipEntry(name=f"schema/{name}.schema.json", pieces=[schema])
    if with_sound:
        for file in _files(organization_id):
            yield ZipEntry(name=f"audio/{file.name}", pieces=file.pieces())
    yield ZipEntry(name="manifest.json", pieces=_manifest(counts, written, mark, now))


def row_schema(holder: SubjectHolder) -> dict[str, Any]:
    """Return the JSON Schema of one line of a kind."""
    properties = {"id": {"type": "string", "format": "uuid"}, **holder.schema}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": holder.title,
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _items(holder: SubjectHolder, organization_id: UUID) -> Iterator[SubjectItem]:
    return holder.export(_ALL, organization_id=organization_id)


def _row(item: SubjectItem) -> dict[str, Any]:
    return {"id": str(item.id), **item.values}


def _lines(items: Iterator[SubjectItem], name: str, counts: Counts) -> Iterator[bytes]:
    counts.rows[name] = 0
    for item in items:
        counts.rows[name] += 1
        yield json.dumps(_row(item), ensure_ascii=False).encode() + b"\n"


def _table(items: Iterator[SubjectItem], holder: SubjectHolder) -> Iterator[bytes]:
    """Yield CSV with a head; a list is one cell of JSON, an object a cell a key."""
    heads = ["id", *_heads(holder.schema)]
    text = io.StringIO()
    writer = csv.DictWriter(text, heads)
    writer.writeheader()
    for item in items:
        writer.writerow(_flat(_row(item)))
        yield _taken(text)
    yield _taken(text)


def _heads(schema: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name, what in schema.items():
        if what.get("type") == "object":
            yield from (f"{name}.{key}" for key in what["properties"])
        else:
            yield name


def _flat(row: Mapping[str, Any]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat.update((f"{name}.{key}", _cell(one)) for key, one in value.items())
        else:
            flat[name] = _cell(value)
    return flat


def _cell(value: object) -> object:
    """Return what a spreadsheet shows and does not run.

    Source:
        OWASP, CSV Injection: a cell that begins with one of these is a formula.
    """
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value


def _taken(text: io.StringIO) -> bytes:
    taken = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return taken


def _files(organization_id: UUID) -> Iterator[SubjectFile]:
    for holder in subject_holders():
        for item in _items(holder, organization_id):
            yield from item.files


def _manifest(
    counts: Counts, written: Written, mark: Mark | None, now: datetime
) -> Iterator[bytes]:
    """Yield the last file, which knows all others once it is read."""
    yield json.dumps(
        {
            "schema": SCHEMA,
            "version": VERSION,
            "made_at": now.isoformat(),
            "rows": counts.rows,
            "files": written.files,
            **({"taken": mark.as_json()} if mark else {}),
        },
        indent=1,
    ).encode()
