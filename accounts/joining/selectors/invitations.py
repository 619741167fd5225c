"""Invitations: those of the open clinic, and the one that a link leads to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.joining.errors import (
    InvitationEndedError,
    InvitationNotFoundError,
    InvitationRunOutError,
    LinkDeadError,
)
from accounts.joining.links import LinkKind, read_link
from accounts.joining.models import Invitation
from accounts.models import Membership, Organization, User
from accounts.permissions import Permission, Role
from accounts.roles.rules import Change, Standing, refusal_of, standing_of
from accounts.roles.selectors.standings import (
    count_owners,
    find_standing,
    may_have_first_owner,
    standing_of_custom,
)
from sondervoice.kernel import tenancy


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvitation:
    """An invitation that can be accepted now.

    Attributes:
        person: Whose address it is, or None when nobody has it yet.
        role_name: As the clinic calls it.
    """

    row: Invitation
    clinic: Organization
    person: User | None
    role_name: str


def list_invitations(*, actor: Actor) -> QuerySet[Invitation]:
    """Return those that were neither used nor withdrawn, the newest first.

    Raises:
        PermissionMissingError: If the actor may not see members.
    """
    actor.require(Permission.MEMBERS_VIEW)
    return (
        Invitation.objects.select_related("custom_role")
        .filter(used_at=None, withdrawn_at=None)
        .order_by("-created_at", "-id")
    )


def get_waiting_invitation(
    *, actor: Actor, invitation_id: UUID, now: datetime
) -> Invitation:
    """Return an invitation of the open clinic that can still be accepted.

    Raises:
        InvitationEndedError: If it was used or withdrawn.
        InvitationNotFoundError: If there is none, or it is another clinic's.
        InvitationRunOutError: If it has run out.
        PermissionMissingError: If the actor may not manage members.
    """
    actor.require(Permission.MEMBERS_MANAGE)
    found = Invitation.objects.filter(pk=invitation_id).first()
    if found is None:
        raise InvitationNotFoundError
    refuse_unless_open(found, now=now)
    return found


def refuse_unless_open(row: Invitation, *, now: datetime) -> None:
    """Let an invitation pass that can still be accepted.

    Raises:
        InvitationEndedError: If it was used or withdrawn.
        InvitationRunOutError: If it has run out.
    """
    if row.used_at is not None or row.withdrawn_at is not None:
        raise InvitationEndedError
    if not row.is_open(now=now):
        raise InvitationRunOutError


def get_invitation_for_update(*, invitation_id: UUID) -> Invitation:
    """Return an invitation of the open clinic, locked.

    Raises:
        InvitationNotFoundError: If there is none, or it is another clinic's.
    """
    found = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    if found is None:
        raise InvitationNotFoundError
    return found


def get_open_invitation(*, token: str, now: datetime) -> OpenInvitation:
    """Return what the link leads to, locked until the transaction ends.

    Asked by the sign-in pages, which see people of all clinics.

    Raises:
        LinkDeadError: If the link is not ours, not the newest, or its invitation was
            used or withdrawn, has run out, or is not its inviter's to give any more.
    """
    link = read_link(LinkKind.INVITATION, token)
    if link is None or link.organization_id is None:
        raise LinkDeadError
    with tenancy.scope(link.organization_id):
        row = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("custom_role")
            .filter(pk=link.row_id, link_number=link.number)
            .first()
        )
        if row is None or not row.is_open(now=now):
            raise LinkDeadError
        person = User.objects.filter(email=row.email).first()
        if not _may_join(row, person, now):
            raise LinkDeadError
        return OpenInvitation(
            row=row,
            clinic=Organization.objects.get(pk=link.organization_id),
            person=person,
            role_name=row.custom_role.name if row.custom_role else row.role,
        )


def standing_offered(row: Invitation) -> Standing:
    """Return what the invitation makes of a person."""
    if row.custom_role is None:
        return standing_of(Role(row.role))
    return standing_of_custom(row.custom_role)


def _may_join(row: Invitation, person: User | None, now: datetime) -> bool:
    """Return whether the inviter could still give the role, and to this person."""
    if person is not None and (not person.is_active or _is_member(person)):
        return False
    inviter_id = row.invited_by_id
    giver = find_standing(user_id=inviter_id, organization_id=row.organization_id)
    if giver is None or not User.objects.filter(pk=inviter_id, is_active=True).exists():
        return False
    change = Change(
        giver=giver,
        is_own=person is not None and person.pk == inviter_id,
        before=None,
        after=standing_offered(row),
        owners=count_owners(),
        may_have_first=may_have_first_owner(now=now),
    )
    return refusal_of(change) is None


def _is_member(person: User) -> bool:
    return Membership.objects.filter(user=person, ended_at=None).exists()
