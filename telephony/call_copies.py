"""Where a carrier may have copies of what our calls left.

We never have a carrier record. A number that was set up before it came to us may do it
by itself, so each call is asked about: at the date of its sound or of its number,
whichever comes first, for without the carrier's id nobody finds it there.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from compliance.keys.sealing import SealBrokenError
from compliance.keys.store import KeyGoneError
from sondervoice.kernel.copies import CopyRef, processors
from telephony.carrier.port import LEG, SESSION
from telephony.event_payload import open_payload
from telephony.models import Call, CarrierEvent

# What stands in place of the carrier's id once it is erased.
ERASED_CALL: Final = "erased:"
RECORDINGS: Final = "recordings"


def copies_of_calls(ids: Sequence[UUID]) -> list[CopyRef]:
    """Return one reference a call whose carrier can be asked; in the open scope.

    The carrier's session has all legs of a call, also the one to a person who was put
    through; where no event told it, our own leg is asked for.
    """
    asked = {one.name for one in processors()}
    calls = Call.with_deleted.filter(id__any=ids, carrier__in=asked)
    known = calls.exclude(carrier_call_id__startswith=ERASED_CALL)
    rows = list(known.values_list("id", "carrier", "carrier_call_id"))
    sessions = _sessions({carrier_call_id: one for one, _, carrier_call_id in rows})
    return [
        CopyRef(
            processor=carrier,
            kind=RECORDINGS,
            reference=sessions.get(carrier_call_id, LEG + carrier_call_id),
            call_id=call_id,
        )
        for call_id, carrier, carrier_call_id in rows
    ]


def _sessions(calls: Mapping[str, UUID]) -> Mapping[str, str]:
    """Return the sessions of calls, each by the carrier's id of the call."""
    if not calls:
        return {}
    events = CarrierEvent.objects.filter(carrier_call_id__in=calls)
    first = events.order_by("carrier_call_id", "received_at", "id")
    found = {
        event.carrier_call_id: _session(event, calls[event.carrier_call_id])
        for event in first.distinct("carrier_call_id")
    }
    return {call: SESSION + session for call, session in found.items() if session}


def _session(event: CarrierEvent, call_id: UUID) -> str:
    """Return the session that an event names, nothing where it cannot be read."""
    try:
        payload = open_payload(event, call_id=call_id)
        named = json.loads(payload).get("call_session_id")
    except (KeyGoneError, SealBrokenError, ValueError):
        return ""
    return named if isinstance(named, str) else ""
