"""What came of a call: appointments it booked or cancelled, messages it left."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.actors import Actor
from accounts.permissions import Permission
from telephony.messages.selectors.message_rows import MessageRow, shape_messages
from telephony.messages.selectors.messages import list_messages
from telephony.models import Call
from telephony.scheduling.selectors.appointment_rows import (
    AppointmentRow,
    shape_appointments,
)
from telephony.scheduling.selectors.appointments import list_appointments
from telephony.selectors.sight import Sight


@dataclass(frozen=True, slots=True)
class Results:
    """Both empty when nothing came of it, or the actor may see neither."""

    appointments: list[AppointmentRow]
    messages: list[MessageRow]


def read_results(*, actor: Actor, call: Call, sight: Sight) -> Results:
    """Return what the actor may see of it, as it stands today."""
    appointments, messages = [], []
    if actor.may(Permission.APPOINTMENTS_VIEW):
        touched = Q(call=call) | Q(cancelled_in_call=call)
        found = list_appointments(actor=actor).filter(touched)
        appointments = shape_appointments(
            actor=actor, appointments=found, sight=sight, is_diary=False
        )
    if actor.may(Permission.MESSAGES_VIEW):
        left = list_messages(actor=actor).filter(call=call)
        messages = shape_messages(actor=actor, messages=left, sight=sight)
    return Results(appointments, messages)
