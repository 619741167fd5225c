"""What people are to the open clinic, and what they can be made."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.limits import read_limits, within
from accounts.models import CustomRole, Membership
from accounts.owner_closed import is_owner_closed_lately
from accounts.permissions import MEMBER_ROLES, Permission, Role
from accounts.roles.errors import RoleNotFoundError
from accounts.roles.rules import Change, Standing, refusal_of, standing_of
from accounts.way_in import is_agency_administrator


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChoice:
    """A role as a form offers it: `word` is what the form sends."""

    word: str
    name: str
    standing: Standing


def standing_of_member(membership: Membership) -> Standing | None:
    """Return what the member is to the clinic now, or None once they have gone."""
    if not membership.is_active:
        return None
    return role_of_row(membership)


def role_of_row(row: Membership) -> Standing:
    """Return the role that the row names, whether or not it is in force."""
    custom = row.custom_role
    return standing_of(Role(row.role)) if custom is None else standing_of_custom(custom)


def find_standing(*, user_id: UUID, organization_id: UUID) -> Standing | None:
    """Return what a person is to the open clinic, read anew, or None.

    Who sees a part of its calls administers nothing: what they gave while they could,
    invitations and keys, ends with that.
    """
    found = (
        Membership.objects.select_related("custom_role")
        .filter(user_id=user_id, ended_at=None)
        .first()
    )
    if found is not None:
        standing = role_of_row(found)
        held = within(read_limits(found), standing.permissions)
        return replace(standing, permissions=held)
    if is_agency_administrator(user_id=user_id, organization_id=organization_id):
        return standing_of(Role.AGENCY_ADMINISTRATOR)
    return None


def get_role(word: str) -> Standing:
    """Return the role that a form names: one of ours, or the id of the clinic's own.

    Raises:
        RoleNotFoundError: If there is none, or it is another clinic's.
    """
    if word in MEMBER_ROLES:
        return standing_of(Role(word))
    try:
        found = CustomRole.objects.filter(pk=UUID(word)).first()
    except ValueError:
        found = None
    if found is None:
        raise RoleNotFoundError
    return standing_of_custom(found)


def list_choices(
    *, actor: Actor, before: Standing | None, owners: int, now: datetime
) -> list[RoleChoice]:
    """Return the roles that the actor may make somebody else who is `before`."""
    giver = find_standing(user_id=actor.id, organization_id=actor.organization_id)
    if giver is None:
        return []
    may_have_first = may_have_first_owner(now=now)
    return [
        one
        for one in _all_roles()
        if refusal_of(
            Change(
                giver=giver,
                is_own=False,
                before=before,
                after=one.standing,
                owners=owners,
                may_have_first=may_have_first,
            )
        )
        is None
    ]


def count_owners(*, besides: UUID | None = None) -> int:
    """Return how many people own the open clinic, and can sign in.

    Args:
        besides: Who is not counted.
    """
    owners = Membership.objects.filter(
        role=Role.OWNER, ended_at=None, user__is_active=True
    )
    if besides is not None:
        owners = owners.exclude(user_id=besides)
    return owners.count()


def may_have_first_owner(*, now: datetime) -> bool:
    """Return whether its agency may name one: there is none, and none may come back."""
    return count_owners() == 0 and not is_owner_closed_lately(now=now)


def _all_roles() -> list[RoleChoice]:
    ours = [
        RoleChoice(word=role.value, name=role.value, standing=standing_of(role))
        for role in MEMBER_ROLES
    ]
    own = [
        RoleChoice(word=str(one.pk), name=one.name, standing=standing_of_custom(one))
        for one in CustomRole.objects.order_by("name")
    ]
    return ours + own


def standing_of_custom(custom: CustomRole) -> Standing:
    """Return what a role of the clinic's own is to it."""
    return Standing(
        role=Role.VIEWER,
        permissions=frozenset(map(Permission, custom.permissions)),
        custom_role_id=custom.pk,
    )
