"""Questions about the members whose second factor may be reset."""

from uuid import UUID

from accounts.actors import Actor
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.second_factor.errors import MemberNotFoundError


def get_member(*, actor: Actor, membership_id: UUID) -> Membership:
    """Return a member of the clinic.

    Raises:
        MemberNotFoundError: If there is none, they have left, or are another clinic's.
        PermissionMissingError: If the actor may not manage members.
    """
    actor.require(Permission.MEMBERS_MANAGE)
    found = (
        Membership.objects.select_related("user")
        .filter(pk=membership_id, ended_at=None)
        .first()
    )
    if found is None:
        raise MemberNotFoundError
    return found
