"""Keep what the carrier told us, once, before anything is done about it.

Next: `telephony.tasks`, then `telephony.services.apply_event`.
"""

import json
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from django.db import connection

from compliance.keys.keys import keys
from compliance.keys.sealing import Place
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.jobs import job_row
from telephony.carrier.port import Notice
from telephony.event_payload import COLUMN, TABLE
from telephony.way_in import organization_for_event

_KEEP: Final = f"SELECT keep_carrier_event({', '.join(['%s'] * 13)})"


def receive_notice(*, carrier: str, notice: Notice, now: datetime) -> bool:
    """Store the event and the job that applies it, in one transaction.

    A repeat changes nothing: the carrier's own id of the event is unique. An event of
    no call, or of a number and a call that are nobody's, is let go: there is no clinic
    to keep it for.

    Returns:
        Whether the event is new.
    """
    if not notice.call_id:
        return False
    organization_id = organization_for_event(notice.call_id, notice.called_e164)
    if organization_id is None:
        return False
    return _keep(organization_id, carrier, notice, now=now)


def _keep(
    organization_id: UUID, carrier: str, notice: Notice, *, now: datetime
) -> bool:
    """Ask the database once: scope, event and job are one statement's transaction."""
    event_id = uuid7()
    place = Place(organization_id, TABLE, COLUMN, event_id)
    payload = msgspec.json.encode(notice.payload).decode()
    sealed = keys().seal_passing(payload, place, now=now)
    job = job_row(
        "telephony.apply_event",
        organization_id=organization_id,
        ids={"event_id": event_id},
        now=now,
    )
    event = (event_id, carrier, notice.event_id, notice.call_id, notice.event_type)
    when = (notice.occurred_at, now)
    work = (job.id, job.task, json.dumps(job.ids), job.next_at)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, (organization_id, *event, *when, sealed, *work))
        (is_new,) = cursor.fetchone()
    return bool(is_new)
