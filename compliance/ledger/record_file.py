"""Rows of the record as a table, all that were asked for, a piece at a time."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from compliance.ledger.models import AuditLog
from compliance.ledger.selectors import RecordLine, before, shape_record
from sondervoice.kernel import tenancy

ROWS_A_PIECE: Final = 2_000
_HEADS: Final = ("at", "who", "action", "subject", "subject_id", "fields", "did")
# A cell that begins with one of these would be a formula to a spreadsheet.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write_rows(rows: QuerySet[AuditLog], *, organization_id: UUID) -> Iterator[bytes]:
    """Return the table, newest first, times in UTC.

    The first piece is read at once, in the open scope, so that rows written later are
    not in it; each other in a scope of its own, when it is sent.
    """
    first = shape_record(rows[:ROWS_A_PIECE])
    return _pieces(first, rows, organization_id)


def _pieces(
    lines: list[RecordLine], rows: QuerySet[AuditLog], organization_id: UUID
) -> Iterator[bytes]:
    yield _csv([_HEADS])
    while lines:
        yield _csv(_cells(line) for line in lines)
        with tenancy.scope(organization_id):
            lines = shape_record(before(rows, lines[-1].id)[:ROWS_A_PIECE])


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cells(line: RecordLine) -> list[str]:
    cells = (
        line.at.isoformat(),
        line.who,
        line.action,
        line.subject,
        str(line.subject_id or ""),
        line.fields,
        line.did,
    )
    return [f"'{one}" if one.startswith(_FORMULA) else one for one in cells]
