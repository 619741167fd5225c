"""Questions about members of the open organization."""

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor, Ask
from accounts.errors import MemberNotFoundError, OrganizationNotFoundError
from accounts.limits import Limits, read_limits, within
from accounts.models import Membership, Organization, User
from accounts.permissions import (
    ROLE_GRANTS,
    Permission,
    Role,
    needs_second_factor,
)
from accounts.way_in import is_agency_administrator


def find_actor(
    *, user: User, organization: Organization, factor_at: datetime | None
) -> Actor:
    """Return the person as an actor in the open scope.

    Who must show a second factor and has not in this session may do nothing yet.

    Args:
        factor_at: When this session last showed a second factor, UTC.

    Raises:
        OrganizationNotFoundError: If the person is no member here.
    """
    role, granted, limits = _granted(user, organization.pk)
    asks_for = None
    must_show = needs_second_factor(granted, hipaa_mode=organization.hipaa_mode)
    if factor_at is None and (must_show or user.second_factor_since is not None):
        asks_for = (
            Ask.SHOW_FACTOR
            if user.second_factor_since is not None
            else Ask.SET_UP_FACTOR
        )
    return Actor(
        kind="user",
        id=user.pk,
        organization_id=organization.pk,
        permissions=within(limits, granted) if asks_for is None else frozenset(),
        role=role,
        asks_for=asks_for,
        factor_at=factor_at,
        limits=limits,
    )


def granted_to(
    *, user: User, organization_id: UUID
) -> tuple[Role, frozenset[Permission]]:
    """Return the person's role in the open scope, and what it grants.

    A second factor is not asked for here; `find_actor` does.

    Raises:
        OrganizationNotFoundError: If the person is no member here.
    """
    role, granted, limits = _granted(user, organization_id)
    return role, within(limits, granted)


def _granted(
    user: User, organization_id: UUID
) -> tuple[Role, frozenset[Permission], Limits | None]:
    membership = (
        Membership.objects.select_related("custom_role")
        .filter(user=user, ended_at=None)
        .first()
    )
    if membership is not None:
        role, limits = Role(membership.role), read_limits(membership)
        if membership.custom_role is None:
            return role, ROLE_GRANTS[role], limits
        permissions = frozenset(map(Permission, membership.custom_role.permissions))
        return role, permissions, limits
    if is_agency_administrator(user_id=user.pk, organization_id=organization_id):
        role = Role.AGENCY_ADMINISTRATOR
        return role, ROLE_GRANTS[role], None
    raise OrganizationNotFoundError


def get_member(*, actor: Actor, membership_id: UUID) -> Membership:
    """Return one who belongs to the open organization now, with their person.

    Raises:
        MemberNotFoundError: If there is none, or it is another clinic's.
        PermissionMissingError: If the actor may not see members.
    """
    found = Membership.objects.select_related("user", "custom_role")
    member = found.filter(pk=membership_id, ended_at=None).first()
    if member is None:
        raise MemberNotFoundError
    actor.require(Permission.MEMBERS_VIEW)
    return member


def get_membership(*, actor: Actor, membership_id: UUID) -> Membership:
    """Return one who belongs to the open organization, or did, with their person.

    Raises:
        MemberNotFoundError: If there is none, or it is another clinic's.
        PermissionMissingError: If the actor may not see members.
    """
    actor.require(Permission.MEMBERS_VIEW)
    found = Membership.objects.select_related("user", "custom_role")
    member = found.filter(pk=membership_id).first()
    if member is None:
        raise MemberNotFoundError
    return member
