"""Choose anew whose calls an invited person will see."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import models, transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.joining.errors import OwnerNotLimitedError
from accounts.joining.models import Invitation
from accounts.joining.selectors.invitations import (
    get_invitation_for_update,
    refuse_unless_open,
    standing_offered,
)
from accounts.joining.services.tell_owners import tell_owners
from accounts.models import User
from accounts.roles.services.settle_standing import refuse_against_rules
from sondervoice.kernel import audit


@transaction.atomic
def limit_invitation(
    *,
    actor: Actor,
    invitation_id: UUID,
    to: Sequence[models.Model] | None,
    now: datetime,
) -> None:
    """Let the invited person see the calls of these things alone; the link stays good.

    Args:
        to: Rows of the open scope, of any kind that calls are narrowed by; None for
            all calls.

    Raises:
        InvitationEndedError: If it was used or withdrawn.
        InvitationNotFoundError: If the clinic has no such invitation.
        InvitationRunOutError: If it has run out.
        OwnerNotLimitedError: If an owner would be limited.
        RoleNotYoursError: If its role is not the actor's to give, or it is their own.
    """
    row = get_invitation_for_update(invitation_id=invitation_id)
    refuse_unless_open(row, now=now)
    offered = standing_offered(row)
    is_own = User.objects.filter(pk=actor.id, email=row.email).exists()
    refuse_against_rules(
        actor=actor, is_own=is_own, before=None, after=offered, now=now
    )
    if to is not None and offered.is_owner:
        raise OwnerNotLimitedError
    before = _state(row)
    row.limited_to = None if to is None else [one.pk for one in to]
    row.save(update_fields=["limited_to"])
    _tell(actor, row, before)


def _state(row: Invitation) -> dict[str, object]:
    return {
        "is_limited": row.is_limited,
        "limited_to": sorted(map(str, row.limited_to or ())),
    }


def _tell(actor: Actor, row: Invitation, before: dict[str, object]) -> None:
    hashes = hashes_of(row.organization_id, before=before, after=_state(row))
    grants = len(row.limited_to or ())
    audit.record(
        audit.Entry(
            action="accounts.invitation.limited",
            organization_id=row.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="invitation",
            subject_id=row.pk,
            fields=("limited_to",),
            facts={"is_limited": row.is_limited, "grants": grants, **hashes},
        )
    )
    tell_owners(
        "accounts.tell_owner_of_invitation", actor=actor, ids={"invitation_id": row.pk}
    )
