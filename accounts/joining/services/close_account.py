"""Close a person's own account, and with it their place in every clinic."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.joining.services.change_member import leave_clinic
from accounts.machines.services.settle_keys import settle_keys
from accounts.models import AgencyMembership, Membership, User
from accounts.permissions import Permission
from accounts.selectors.members import granted_to
from accounts.services.end_sessions import end_own_sessions
from accounts.way_in import organizations_for_user
from sondervoice.kernel import audit, tenancy


@transaction.atomic
def close_account(*, user: User, now: datetime) -> None:
    """Leave every clinic and agency, and let nobody sign in any more.

    Keys that the person answers for end.

    The person's row stays: the record names it.

    Raises:
        LastOwnerError: If a clinic would have no owner; then nothing is changed.
    """
    for organization_id in organizations_for_user(user.pk):
        _leave(user, organization_id, now)
    # Theirs through an agency alone; keys of the others ended as they left.
    clinics = organizations_for_user(user.pk)
    AgencyMembership.objects.filter(user=user).delete()
    for organization_id in clinics:
        end_keys(user, organization_id, now)
    User.objects.filter(pk=user.pk).update(is_active=False)
    end_own_sessions(user_id=user.pk)
    audit.record(
        audit.Entry(
            action="accounts.user.closed",
            organization_id=None,
            actor_kind="user",
            actor_id=user.pk,
            subject_kind="user",
            subject_id=user.pk,
        )
    )


def _leave(user: User, organization_id: UUID, now: datetime) -> None:
    """Leave one clinic; an agency's clinics are left with the agency."""
    with tenancy.scope(organization_id):
        if not Membership.objects.filter(user=user, ended_at=None).exists():
            return
        role, granted = granted_to(user=user, organization_id=organization_id)
        actor = Actor(
            kind="user",
            id=user.pk,
            organization_id=organization_id,
            permissions=granted,
            role=role,
        )
        leave_clinic(actor=actor, now=now)


def end_keys(user: User, organization_id: UUID, now: datetime) -> None:
    """End the keys of theirs in a clinic that is theirs no more."""
    with tenancy.scope(organization_id):
        nothing: frozenset[Permission] = frozenset()
        actor = Actor(
            kind="user",
            id=user.pk,
            organization_id=organization_id,
            permissions=nothing,
        )
        settle_keys(actor=actor, user_id=user.pk, now=now)
