"""What the carrier said, sealed: of the day it came, then under its call's own key.

An event comes before its call is known, so it is sealed under a key that is given up
some days later. Once it is applied to a call it goes the way of the call: with the
call's key it is unreadable in every copy of the database.
"""

from uuid import UUID

from compliance.keys.call_sealer import sealer_for_call
from compliance.keys.keys import keys
from compliance.keys.sealing import VERSION, Place
from compliance.keys.store import KeyGoneError
from telephony.models import Call, CarrierEvent

TABLE = "telephony_carrierevent"
COLUMN = "payload_sealed"


def open_payload(event: CarrierEvent, *, call_id: UUID | None = None) -> str:
    """Return the payload as JSON.

    Args:
        call_id: Whose event it is, where that is known; else it is looked up.

    Raises:
        KeyGoneError: If the call was erased, or the key of its day is gone.
        SealBrokenError: If it was changed.
    """
    sealed = bytes(event.payload_sealed)
    # Before a day's seal stands the day, in digits.
    if sealed[:1] != VERSION:
        return keys().unseal_field(sealed, _place(event))
    if call_id is None:
        call_id = Call.with_deleted.get(carrier_call_id=event.carrier_call_id).id
    sealer = sealer_for_call(organization_id=event.organization_id, call_id=call_id)
    return sealer.open(sealed, table=TABLE, column=COLUMN, row_id=event.id)


def sealed_for_call(event: CarrierEvent, call: Call) -> bytes:
    """Return the payload sealed under the call's key; nothing if that is destroyed."""
    try:
        sealer = sealer_for_call(organization_id=call.organization_id, call_id=call.id)
    except KeyGoneError:
        return b""
    return sealer.seal(open_payload(event), table=TABLE, column=COLUMN, row_id=event.id)


def _place(event: CarrierEvent) -> Place:
    return Place(event.organization_id, TABLE, COLUMN, event.id)
