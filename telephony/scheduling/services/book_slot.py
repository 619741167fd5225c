"""Put a caller into the diary: one slot, one caller, by the database's own word."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction

from compliance.keys.keys import keys
from compliance.retention.rules import erase_after
from compliance.retention.selectors.keep_days import days_still_kept
from sondervoice.kernel import audit
from sondervoice.kernel.ids import uuid7
from telephony.models import Call
from telephony.scheduling.errors import SlotTakenError
from telephony.scheduling.models import Appointment, Slot
from telephony.scheduling.sealed import seal_patient_field
from telephony.services.set_outcome import set_outcome


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
        SlotTakenError: If somebody else has it, or there is no such slot.
    """
    mine = Appointment.objects.filter(
        slot_id=slot_id, call=call, status="booked"
    ).first()
    if mine is not None:
        return mine
    appointment = _appointment(call, name=name, phone_e164=phone_e164, now=now)
    appointment.slot_id = slot_id
    _set_clock(appointment, call, now=now)
    appointment.name_is_confirmed = is_name_confirmed
    try:
        with transaction.atomic():
            appointment.save(force_insert=True)
    except IntegrityError:
        raise SlotTakenError from None
    set_outcome(call_id=call.id, outcome=Call.Outcome.BOOKED)
    _record(appointment, call)
    return appointment


def _set_clock(appointment: Appointment, call: Call, *, now: datetime) -> None:
    days = days_still_kept(organization_id=call.organization_id, capture=call.capture)
    slots = Slot.objects.filter(pk=appointment.slot_id)
    visit = slots.values_list("ends_at", flat=True).first()
    if visit is None:
        raise SlotTakenError
    appointment.counts_from = max(visit, now)
    appointment.erase_after = erase_after(
        ended_at=appointment.counts_from, keep_days=days.fields
    )


def _appointment(
    call: Call, *, name: str, phone_e164: str, now: datetime
) -> Appointment:
    """Return whose appointment it will be, sealed; its slot is still open."""
    appointment_id, organization_id = uuid7(), call.organization_id
    seal = partial(
        seal_patient_field,
        organization_id=organization_id,
        row_id=appointment_id,
        now=now,
    )
    return Appointment(
        id=appointment_id,
        organization_id=organization_id,
        call=call,
        patient_name_sealed=seal(name, column="patient_name_sealed"),
        patient_phone_sealed=seal(phone_e164, column="patient_phone_sealed"),
        patient_phone_index=keys().index(
            organization_id, kind="phone", value=phone_e164
        ),
        booked_at=now,
    )


def _record(appointment: Appointment, call: Call) -> None:
    audit.record(
        audit.Entry(
            action="scheduling.appointment.booked",
            organization_id=call.organization_id,
            actor_kind="caller",
            actor_id=None,
            subject_kind="appointment",
            subject_id=appointment.id,
            fields=("slot", "patient_name", "patient_phone"),
            facts={"call": call.id, "slot": appointment.slot_id},
        )
    )
