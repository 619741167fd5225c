"""The words of a hold: sealed under a key that the hold alone has."""

from datetime import datetime

from compliance.keys.keys import keys
from compliance.keys.sealing import Place
from compliance.keys.words import are_of_a_month, open_words
from compliance.retention.models import LegalHold


def seal_words(text: str, *, hold: LegalHold, column: str, now: datetime) -> bytes:
    """Return words sealed for ``reason_sealed`` or ``release_reason_sealed``."""
    return keys().seal_row(text.strip(), _place(hold, column), now=now)


def seal_reason_anew(hold: LegalHold, *, now: datetime) -> None:
    """Give a reason that is under a month's key the hold's own; the caller saves it."""
    if are_of_a_month(bytes(hold.reason_sealed)):
        hold.reason_sealed = seal_words(
            hold_reason(hold), hold=hold, column="reason_sealed", now=now
        )


def hold_reason(hold: LegalHold) -> str:
    """Return why it is held, in the words of who placed it; empty without its key."""
    return open_words(bytes(hold.reason_sealed), _place(hold, "reason_sealed"))


def _place(hold: LegalHold, column: str) -> Place:
    table = LegalHold._meta.db_table
    return Place(hold.organization_id, table, column, hold.id)
