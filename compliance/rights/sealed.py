"""The sealed fields of requests and marks.

Who asked is sealed under a key that the request alone has: with the key it goes from
every copy of the database. The clinic's own words are under its key of the month.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from compliance.keys.keys import keys
from compliance.keys.sealing import Place
from compliance.keys.store import KeyGoneError
from compliance.rights.models import CallerMark, RightsRequest

Row = RightsRequest | CallerMark
# Empty when there is none, or it is forgotten.
ASKER_COLUMNS: Final = ("phone_sealed", "email_sealed", "words_sealed")


def seal_column(text: str, *, row: Row, column: str, now: datetime) -> bytes:
    """Return text sealed for one column of the row; no bytes for no text."""
    words = text.strip()
    if not words:
        return b""
    if column in ASKER_COLUMNS:
        return keys().seal_row(words, _place(row, column), now=now)
    return keys().seal_field(words, _place(row, column), now=now)


def open_column(row: Row, column: str) -> str:
    """Return the text of one column, empty when there is none or it is forgotten."""
    sealed = bytes(getattr(row, column))
    if not sealed:
        return ""
    if column in ASKER_COLUMNS:
        return keys().unseal_row(sealed, _place(row, column))
    return keys().unseal_field(sealed, _place(row, column))


def phone_index(organization_id: UUID, phone_e164: str) -> bytes | None:
    """Return the blind index by which the clinic's calls have this number.

    None where the clinic has no key for it, and so no call that it would find: before
    its first one, and once it is closed. Asking makes none.
    """
    try:
        return keys().index(organization_id, kind="phone", value=phone_e164, make=False)
    except KeyGoneError:
        return None


def _place(row: Row, column: str) -> Place:
    return Place(row.organization_id, row._meta.db_table, column, row.id)
