"""The only door to appointments."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission
from telephony.scheduling.models import Appointment
from telephony.selectors.limits import within_limits


def list_appointments(
    *, actor: Actor, since: datetime | None = None, until: datetime | None = None
) -> QuerySet[Appointment]:
    """Return appointments whose slot starts in [since, until), earliest first.

    Raises:
        PermissionMissingError: If the actor may not see appointments.
    """
    actor.require(Permission.APPOINTMENTS_VIEW)
    found = Appointment.objects.select_related(
        "slot__practitioner", "slot__kind", "call"
    ).filter(within_limits(actor, call="call__"))
    if since is not None:
        found = found.filter(slot__starts_at__gte=since)
    if until is not None:
        found = found.filter(slot__starts_at__lt=until)
    return found.order_by("slot__starts_at", "slot__practitioner__name", "id")
