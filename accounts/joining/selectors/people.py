"""The people of the open clinic, as its pages show them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.errors import MemberNotFoundError
from accounts.models import Membership
from accounts.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """One person of the clinic.

    Attributes:
        has_factor: They have set up a second factor.
        since: When they joined, UTC.
        ended_at: Null for whoever belongs to the clinic.
        is_limited: They see the calls of what is named for them alone.
        is_closed: They have closed their account, with all clinics.
    """

    id: UUID
    name: str
    email: str
    role: str
    has_factor: bool
    since: datetime
    ended_at: datetime | None
    is_self: bool
    is_limited: bool
    is_closed: bool


def list_members(*, actor: Actor, are_past: bool = False) -> list[MemberRow]:
    """Return who belongs to the clinic, or who did, by name.

    Raises:
        PermissionMissingError: If the actor may not see members.
    """
    actor.require(Permission.MEMBERS_VIEW)
    found = Membership.objects.select_related("user", "custom_role").filter(
        ended_at__isnull=not are_past
    )
    rows = [shape_member(one, actor) for one in found]
    return sorted(rows, key=lambda row: (row.name.lower(), row.email))


def get_own_membership(*, actor: Actor) -> Membership:
    """Return the actor's own membership.

    Raises:
        MemberNotFoundError: If they are here as somebody from outside.
    """
    found = Membership.objects.filter(user_id=actor.id, ended_at=None).first()
    if found is None:
        raise MemberNotFoundError
    return found


def shape_member(member: Membership, actor: Actor) -> MemberRow:
    """Return the member as the pages show them."""
    user, custom = member.user, member.custom_role
    return MemberRow(
        id=member.pk,
        name=user.full_name or user.email,
        email=user.email,
        role=member.role if custom is None else custom.name,
        has_factor=user.second_factor_since is not None,
        since=member.created_at,
        ended_at=member.ended_at,
        is_self=user.pk == actor.id,
        is_limited=member.is_limited,
        is_closed=not user.is_active,
    )
