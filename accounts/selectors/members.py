"""Questions about members of the open organization."""

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor, Ask
from accounts.errors import OrganizationNotFoundError
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
    role, granted = granted_to(user=user, organization_id=organization.pk)
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
        permissions=granted if asks_for is None else frozenset(),
        role=role,
        asks_for=asks_for,
        factor_at=factor_at,
    )


def granted_to(
    *, user: User, organization_id: UUID
) -> tuple[Role, frozenset[Permission]]:
    """Return the person's role in the open scope, and what it grants.

    A second factor is not asked for here; `find_actor` does.

    Raises:
        OrganizationNotFoundError: If the person is no member here.
    """
    membership = (
        Membership.objects.select_related("custom_role")
        .filter(user=user, ended_at=None)
        .first()
    )
    if membership is not None:
        role = Role(membership.role)
        if membership.custom_role is None:
            return role, ROLE_GRANTS[role]
        return role, frozenset(map(Permission, membership.custom_role.permissions))
    if is_agency_administrator(user_id=user.pk, organization_id=organization_id):
        return Role.AGENCY_ADMINISTRATOR, ROLE_GRANTS[Role.AGENCY_ADMINISTRATOR]
    raise OrganizationNotFoundError
