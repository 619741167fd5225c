"""Questions about members and roles, for the REST API."""

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.models import CustomRole, Membership
from accounts.permissions import Permission


def list_members(*, actor: Actor) -> QuerySet[Membership]:
    """Return the clinic's members, the first joined first; who left is among them.

    Raises:
        PermissionMissingError: If the actor may not see members.
    """
    actor.require(Permission.MEMBERS_VIEW)
    return Membership.objects.select_related("user").order_by("created_at", "id")


def list_custom_roles(*, actor: Actor) -> QuerySet[CustomRole]:
    """Return the clinic's own roles by name.

    Raises:
        PermissionMissingError: If the actor may not see roles.
    """
    actor.require(Permission.ROLES_VIEW)
    return CustomRole.objects.order_by("name", "id")
