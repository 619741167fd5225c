"""Send an invitation again, and take one back."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.joining.errors import InvitationEndedError
from accounts.joining.models import Invitation
from accounts.joining.selectors.invitations import (
    get_invitation_for_update,
    standing_offered,
)
from accounts.roles.services.settle_standing import refuse_against_rules
from sondervoice.kernel import audit
from sondervoice.kernel.jobs import after_commit

LETTERS_AT_MOST: Final = 20


@transaction.atomic
def resend_invitation(*, actor: Actor, invitation_id: UUID, now: datetime) -> None:
    """Send a new link for as long as the first was good; the old link is dead.

    The invitation is from then on the actor's, so the rules are asked again.

    Raises:
        InvitationNotFoundError: If the clinic has no such invitation.
        InvitationEndedError: If it was used, withdrawn, or sent too often.
        RoleNotYoursError: If its role is not the actor's to give.
    """
    row = _get_standing(invitation_id)
    offered = standing_offered(row)
    refuse_against_rules(actor=actor, is_own=False, before=None, after=offered, now=now)
    if row.link_number >= LETTERS_AT_MOST:
        raise InvitationEndedError

    row.expires_at = now + (row.expires_at - row.created_at)
    row.created_at = now
    row.link_number += 1
    row.invited_by_id = actor.id
    row.save()
    _tell("accounts.invitation.resent", row, actor)
    after_commit(
        "accounts.send_invitation",
        organization_id=row.organization_id,
        ids={"invitation_id": row.pk},
    )


@transaction.atomic
def withdraw_invitation(*, actor: Actor, invitation_id: UUID, now: datetime) -> None:
    """Take the invitation back, as whoever could make it; its link is dead.

    Raises:
        InvitationNotFoundError: If the clinic has no such invitation.
        InvitationEndedError: If it was used or withdrawn.
        RoleNotYoursError: If its role is not the actor's to give.
    """
    row = _get_standing(invitation_id)
    offered = standing_offered(row)
    refuse_against_rules(actor=actor, is_own=False, before=None, after=offered, now=now)
    row.withdrawn_at = now
    row.custom_role = None
    row.save(update_fields=["withdrawn_at", "custom_role"])
    _tell("accounts.invitation.withdrawn", row, actor)


def _get_standing(invitation_id: UUID) -> Invitation:
    row = get_invitation_for_update(invitation_id=invitation_id)
    if row.used_at is not None or row.withdrawn_at is not None:
        raise InvitationEndedError
    return row


def _tell(action: str, row: Invitation, actor: Actor) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=row.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="invitation",
            subject_id=row.pk,
        )
    )
