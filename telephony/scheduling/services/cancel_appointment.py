"""Take an appointment out of the diary; the place is free again at once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from sondervoice.kernel import audit
from telephony.models import Call
from telephony.scheduling.errors import AppointmentNotFoundError
from telephony.scheduling.models import Appointment
from telephony.services.set_outcome import set_outcome


@transaction.atomic
def cancel_appointment(*, call: Call, appointment_id: UUID, now: datetime) -> None:
    """Cancel the appointment at the caller's wish; cancelling twice is harmless.

    Raises:
        AppointmentNotFoundError: If no appointment in the open scope has this id.
    """
    appointment = (
        Appointment.objects.select_for_update().filter(pk=appointment_id).first()
    )
    if appointment is None:
        raise AppointmentNotFoundError
    if appointment.status == Appointment.Status.CANCELLED:
        return
    appointment.status = Appointment.Status.CANCELLED
    appointment.cancelled_at = now
    appointment.cancelled_in_call = call
    appointment.save(update_fields=["status", "cancelled_at", "cancelled_in_call"])
    set_outcome(call_id=call.id, outcome=Call.Outcome.CANCELLED)
    audit.record(
        audit.Entry(
            action="scheduling.appointment.cancelled",
            organization_id=call.organization_id,
            actor_kind="caller",
            actor_id=None,
            subject_kind="appointment",
            subject_id=appointment.id,
            fields=("status",),
            facts={"call": call.id},
        )
    )
