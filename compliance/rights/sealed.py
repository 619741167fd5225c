"""The sealed fields of requests and marks.

All is sealed under a key that the row alone has: with the key it goes from every copy
of the database. The words of a refusal have a second one, for they outlive who asked.
"""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from compliance.keys.keys import keys
from compliance.keys.sealing import Place
from compliance.keys.store import KeyGoneError
from compliance.keys.words import open_words
from compliance.rights.models import CallerMark, RightsRequest

Row = RightsRequest | CallerMark
# Empty when there is none, or it is forgotten.
ASKER_COLUMNS: Final = ("phone_sealed", "email_sealed", "words_sealed")


def seal_column(text: str, *, row: Row, column: str, now: datetime) -> bytes:
    """Return text sealed for one column of the row; no bytes for no text."""
    words = text.strip()
    if not words:
        return b""
    place = _place(row, column)
    return keys().seal_row(words, place, now=now, key_id=key_id(row, column))


def open_column(row: Row, column: str) -> str:
    """Return the text of one column.

    It is empty when there is none, when it is forgotten, and when its key is gone: a
    restore may bring the row back and not the key.

    Raises:
        SealBrokenError: If it was changed or belongs elsewhere.
    """
    sealed = bytes(getattr(row, column))
    if not sealed:
        return ""
    return open_words(sealed, _place(row, column), key_id=key_id(row, column))


def drop_unreadable(request: RightsRequest) -> None:
    """Empty what says who asked if its key is gone; the caller saves.

    A restore may bring the row back and not the key. What is sealed for the row from
    now on has a new one, under which the old bytes would look changed.
    """
    for column in ASKER_COLUMNS:
        if not open_column(request, column):
            setattr(request, column, b"")


def key_id(row: Row, column: str) -> UUID:
    """Return the id of the key that a column of the row is sealed under."""
    return uuid5(row.id, column) if column == "refusal_sealed" else row.id


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
