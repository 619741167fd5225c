"""Calls on their way through the product: rung, answered, with a stream's token."""

import json
from datetime import datetime
from typing import Any

from compliance.keys.keys import keys
from compliance.keys.sealing import Place
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from telephony.models import Call, CarrierEvent
from telephony.services.answer_call import answer_call
from telephony.services.make_stream_token import make_stream_token
from tests.cast import HANNAH, NOW, Clinic
from tests.cast_calls import keep_for


def ring(
    clinic: Clinic, *, call_id: str = "v3:ringing", caller: str = HANNAH, **fields: Any
) -> Call:
    """Return a call as `answer_call` leaves it, with fields changed afterwards."""
    with tenancy.scope(clinic.organization.id):
        call = answer_call(
            organization_id=clinic.organization.id,
            carrier_call_id=call_id,
            called_e164=clinic.number.e164,
            caller_e164=caller,
            now=fields.pop("started_at", NOW),
        )
        assert call is not None
        if "ended_at" in fields:
            fields = keep_for(fields["ended_at"]) | fields
        if fields:
            Call.objects.filter(pk=call.pk).update(**fields)
            call.refresh_from_db()
        return call


def token_for(call: Call, *, now: datetime = NOW) -> str:
    """Return a token as it stands in a stream's address."""
    with tenancy.scope(call.organization_id):
        return make_stream_token(call=call, now=now)


def keep(
    clinic: Clinic, data: dict[str, Any], *, received_at: datetime
) -> CarrierEvent:
    """Keep an event as `receive_notice` does, without the job that applies it."""
    organization_id, event_id = clinic.organization.id, uuid7()
    place = Place(organization_id, "telephony_carrierevent", "payload_sealed", event_id)
    with tenancy.scope(organization_id):
        return CarrierEvent.objects.create(
            id=event_id,
            organization_id=organization_id,
            carrier="telnyx",
            carrier_event_id=data["id"],
            carrier_call_id=data["payload"]["call_control_id"],
            event_type=data["event_type"],
            occurred_at=datetime.fromisoformat(data["occurred_at"]),
            received_at=received_at,
            payload_sealed=keys().seal_passing(
                json.dumps(data["payload"]), place, now=received_at
            ),
        )
