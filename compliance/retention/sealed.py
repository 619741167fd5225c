"""The words of a hold: sealed under the organization's key of the month."""

from datetime import datetime

from compliance.keys.keys import keys
from compliance.keys.sealing import Place
from compliance.retention.models import LegalHold


def seal_words(text: str, *, hold: LegalHold, column: str, now: datetime) -> bytes:
    """Return words sealed for ``reason_sealed`` or ``release_reason_sealed``."""
    return keys().seal_field(text.strip(), _place(hold, column), now=now)


def hold_reason(hold: LegalHold) -> str:
    """Return why it is held, in the words of who placed it."""
    return keys().unseal_field(bytes(hold.reason_sealed), _place(hold, "reason_sealed"))


def _place(hold: LegalHold, column: str) -> Place:
    table = LegalHold._meta.db_table
    return Place(hold.organization_id, table, column, hold.id)
