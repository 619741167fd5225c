"""By what a processor finds a copy: sealed under the organization's key of the month.

The call's own key may be destroyed before the processor has answered.
"""

from datetime import datetime

from compliance.copies.models import ErasureLeg
from compliance.keys.keys import keys
from compliance.keys.sealing import Place


def seal_reference(text: str, *, leg: ErasureLeg, now: datetime) -> bytes:
    """Return the reference sealed for its leg."""
    return keys().seal_field(text, _place(leg), now=now)


def reference_of(leg: ErasureLeg) -> str:
    """Return the reference again.

    Raises:
        KeyGoneError: If the organization's keys have been destroyed.
    """
    return keys().unseal_field(bytes(leg.reference_sealed), _place(leg))


def _place(leg: ErasureLeg) -> Place:
    table = ErasureLeg._meta.db_table
    return Place(leg.organization_id, table, "reference_sealed", leg.id)
