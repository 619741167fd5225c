"""Tell a clinic's owners what an agency's administrator does with its people."""

from uuid import UUID

from accounts.actors import Actor
from accounts.joining.models import Invitation
from accounts.letters import send_letter
from accounts.models import Membership
from accounts.permissions import Role
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import after_commit


def tell_owners(job: str, *, actor: Actor, ids: dict[str, UUID]) -> None:
    """Ask for a letter to each owner when the actor is from an agency.

    Args:
        job: ``accounts.tell_owner_of_member`` or ``accounts.tell_owner_of_invitation``.
        ids: Of the row that was changed; the owner is added.
    """
    if actor.role != Role.AGENCY_ADMINISTRATOR:
        return
    owners = Membership.objects.filter(role=Role.OWNER, ended_at=None)
    for user_id in owners.values_list("user_id", flat=True):
        after_commit(
            job,
            organization_id=actor.organization_id,
            ids={**ids, "user_id": user_id},
        )


def tell_owner_of_member(
    *, organization_id: UUID, membership_id: UUID, user_id: UUID
) -> None:
    """Write to one owner how a member stands now.

    Raises:
        VendorError: If the mail server did not take it.
    """
    with tenancy.scope(organization_id):
        member = Membership.objects.select_related("user", "custom_role").get(
            pk=membership_id
        )
        person = member.user.full_name or member.user.email
        is_gone = member.ended_at is not None
        role = member.role if member.custom_role is None else member.custom_role.name
        _write(user_id, person=person, role=role, is_gone=is_gone)


def tell_owner_of_invitation(
    *, organization_id: UUID, invitation_id: UUID, user_id: UUID
) -> None:
    """Write to one owner who was invited.

    Raises:
        VendorError: If the mail server did not take it.
    """
    with tenancy.scope(organization_id):
        row = Invitation.objects.select_related("custom_role").get(pk=invitation_id)
        role = row.role if row.custom_role is None else row.custom_role.name
        _write(
            user_id,
            person=row.email,
            role=role,
            is_invited=True,
            is_limited=row.is_limited,
        )


def _write(user_id: UUID, **words: str | bool) -> None:
    """Write the letter, if the person still owns the open clinic."""
    owner = (
        Membership.objects.select_related("user", "organization")
        .filter(user_id=user_id, role=Role.OWNER, ended_at=None)
        .first()
    )
    if owner is not None:
        send_letter(
            "agency_changed_people",
            to=owner.user.email,
            clinic=owner.organization.name,
            **words,
        )
