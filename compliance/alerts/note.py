"""The note of whoever looked at an alert, sealed: it may name somebody.

It has a key of its own, which goes with it.
"""

from datetime import datetime

from compliance.alerts.models import SecurityAlert
from compliance.keys.keys import keys
from compliance.keys.sealing import Place
from compliance.keys.words import open_words


def seal_note(row: SecurityAlert, note: str, *, now: datetime) -> bytes:
    """Return the note as the row keeps it."""
    return keys().seal_row(note, _place(row), now=now)


def open_note(row: SecurityAlert) -> str:
    """Return the note; empty where there is none or its key is gone.

    Raises:
        SealBrokenError: If the row was changed in the database.
    """
    if row.note_sealed is None:
        return ""
    return open_words(bytes(row.note_sealed), _place(row))


def _place(row: SecurityAlert) -> Place:
    table = SecurityAlert._meta.db_table
    return Place(row.organization_id, table, "note_sealed", row.id)
