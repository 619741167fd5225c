"""The clinic's places and numbers."""

from django.db.models import Prefetch, QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission
from telephony.models import Location, PhoneNumber


def list_places(*, actor: Actor) -> QuerySet[Location]:
    """Return the clinic's places by name, each with its numbers.

    Raises:
        PermissionMissingError: If the actor may see neither members nor the clinic.
    """
    actor.require(Permission.MEMBERS_VIEW)
    numbers = Prefetch("numbers", PhoneNumber.objects.order_by("e164"))
    return Location.objects.prefetch_related(numbers).order_by("name", "id")


def list_numbers(*, actor: Actor) -> QuerySet[PhoneNumber]:
    """Return the clinic's numbers with their places and receptionists.

    Raises:
        PermissionMissingError: If the actor may not change the clinic.
    """
    actor.require(Permission.CLINIC_MANAGE)
    found = PhoneNumber.objects.select_related("location", "agent_version__agent")
    return found.order_by("e164")
