"""The sealed fields of requests and marks: under the clinic's key of the month."""

from datetime import datetime
from uuid import UUID

from compliance.keys.keys import keys
from compliance.keys.sealing import Place
from compliance.rights.models import CallerMark, RightsRequest

Row = RightsRequest | CallerMark


def seal_column(text: str, *, row: Row, column: str, now: datetime) -> bytes:
    """Return text sealed for one column of the row; no bytes for no text."""
    words = text.strip()
    return keys().seal_field(words, _place(row, column), now=now) if words else b""


def open_column(row: Row, column: str) -> str:
    """Return the text of one column, empty when there is none or it is forgotten."""
    sealed = bytes(getattr(row, column))
    return keys().unseal_field(sealed, _place(row, column)) if sealed else ""


def phone_index(organization_id: UUID, phone_e164: str) -> bytes:
    """Return the blind index by which the clinic's calls have this number."""
    return keys().index(organization_id, kind="phone", value=phone_e164)


def _place(row: Row, column: str) -> Place:
    return Place(row.organization_id, row._meta.db_table, column, row.id)
