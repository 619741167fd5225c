"""The roles of the open clinic's own."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from accounts.actors import Actor
from accounts.models import CustomRole
from accounts.permissions import MEANINGS, Permission
from accounts.roles.errors import RoleNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomRoleRow:
    """A role as the pages show it.

    Attributes:
        meanings: What it may do, a sentence each.
        members: How many belong to the clinic in it.
    """

    id: UUID
    name: str
    permissions: frozenset[Permission]
    meanings: list[str]
    members: int


def list_custom_roles(*, actor: Actor) -> list[CustomRoleRow]:
    """Return them by name.

    Raises:
        PermissionMissingError: If the actor may not see roles.
    """
    actor.require(Permission.ROLES_VIEW)
    now_members = Count("members", filter=Q(members__ended_at=None))
    found = CustomRole.objects.annotate(now_members=now_members).order_by("name")
    return [_shape(one, one.now_members) for one in found]


def get_custom_role(*, actor: Actor, role_id: UUID) -> CustomRole:
    """Return one of them.

    Raises:
        RoleNotFoundError: If there is none, or it is another clinic's.
    """
    actor.require(Permission.ROLES_VIEW)
    found = CustomRole.objects.filter(pk=role_id).first()
    if found is None:
        raise RoleNotFoundError
    return found


def _shape(role: CustomRole, members: int) -> CustomRoleRow:
    held = frozenset(map(Permission, role.permissions))
    return CustomRoleRow(
        id=role.pk,
        name=role.name,
        permissions=held,
        meanings=[MEANINGS[one] for one in Permission if one in held],
        members=members,
    )
