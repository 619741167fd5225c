"""Keep what the carrier told us, once, before anything is done about it.

Next: `telephony.tasks`, then `telephony.services.apply_event`.
"""

import json
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from compliance.keys.keys import keys
from compliance.keys.sealing import Place
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.jobs import after_commit
from telephony.carrier.port import Notice
from telephony.models import CarrierEvent
from telephony.way_in import organization_for_event


def receive_notice(*, carrier: str, notice: Notice, now: datetime) -> bool:
    """Store the event and the job that applies it, in one transaction.

    A repeat changes nothing. An event of no call, or of a number and a call that are
    nobody's, is let go: there is no clinic to keep it for.

    Returns:
        Whether the event is new.
    """
    if not notice.call_id:
        return False
    organization_id = organization_for_event(notice.call_id, notice.called_e164)
    if organization_id is None:
        return False
    event = _event(organization_id, carrier, notice, now=now)
    try:
        with tenancy.scope(organization_id):
            event.save(force_insert=True)
            after_commit(
                "telephony.apply_event",
                organization_id=organization_id,
                ids={"event_id": event.id},
            )
    except IntegrityError:
        # The carrier's own id of the event is unique: we have it already.
        return False
    return True


def _event(
    organization_id: UUID, carrier: str, notice: Notice, *, now: datetime
) -> CarrierEvent:
    event_id = uuid7()
    place = Place(organization_id, "telephony_carrierevent", "payload_sealed", event_id)
    return CarrierEvent(
        id=event_id,
        organization_id=organization_id,
        carrier=carrier,
        carrier_event_id=notice.event_id,
        carrier_call_id=notice.call_id,
        event_type=notice.event_type,
        occurred_at=notice.occurred_at,
        received_at=now,
        payload_sealed=keys().seal_field(json.dumps(notice.payload), place, now=now),
    )
