"""What of the record's subjects is within somebody's limits."""

from collections.abc import Mapping

from django.db.models import Model, QuerySet

from accounts.actors import Actor
from telephony.messages.models import Message
from telephony.models import Call
from telephony.scheduling.models import Appointment
from telephony.selectors.limits import within_limits


def subjects_within_limits(actor: Actor) -> Mapping[str, QuerySet[Model]]:
    """Return the calls, messages and appointments that the actor may see."""
    of_call = within_limits(actor, call="call__")
    return {
        "call": Call.objects.filter(within_limits(actor)),
        "message": Message.objects.filter(of_call),
        "appointment": Appointment.objects.filter(of_call),
    }
