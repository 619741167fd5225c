"""Put a caller into the diary: one slot, one caller, by the database's own word."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from compliance.keys.keys import keys
from compliance.keys.sealing import Place
from sondervoice.kernel import audit
from sondervoice.kernel.ids import uuid7
from telephony.models import Call
from telephony.scheduling.errors import SlotTakenError
from telephony.scheduling.models import Appointment

TABLE = "scheduling_appointment"


@transaction.atomic
def book_slot(
    *,
    call: Call,
    slot_id: UUID,
    name: str,
    phone_e164: str,
    is_name_confirmed: bool,
    now: datetime,
) -> Appointment:
    """Book the slot for the caller of this call.

    Booking the same slot twice in one call is harmless: the appointment stands.

    Raises:
        SlotTakenError: If somebody else has it.
    """
    mine = Appointment.objects.filter(
        slot_id=slot_id, call=call, status="booked"
    ).first()
    if mine is not None:
        return mine
    appointment_id, organization_id = uuid7(), call.organization_id
    appointment = Appointment(
        id=appointment_id,
        organization_id=organization_id,
        slot_id=slot_id,
        call=call,
        patient_name_sealed=_seal(
            name, "patient_name_sealed", appointment_id, call, now
        ),
        patient_phone_sealed=_seal(
            phone_e164, "patient_phone_sealed", appointment_id, call, now
        ),
        patient_phone_index=keys().index(
            organization_id, kind="phone", value=phone_e164
        ),
        name_is_confirmed=is_name_confirmed,
        booked_at=now,
    )
    try:
        with transaction.atomic():
            appointment.save(force_insert=True)
    except IntegrityError:
        raise SlotTakenError from None
    Call.objects.filter(pk=call.pk).update(outcome=Call.Outcome.BOOKED)
    audit.record(
        audit.Entry(
            action="scheduling.appointment.booked",
            organization_id=organization_id,
            actor_kind="caller",
            actor_id=None,
            subject_kind="appointment",
            subject_id=appointment_id,
            fields=("slot", "patient_name", "patient_phone"),
            facts={"call": call.id, "slot": slot_id},
        )
    )
    return appointment


def _seal(text: str, column: str, row_id: UUID, call: Call, now: datetime) -> bytes:
    place = Place(call.organization_id, TABLE, column, row_id)
    return keys().seal_field(text, place, now=now)
