"""Invite somebody to the clinic, in a role, for some days."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import models, transaction

from accounts.actors import Actor
from accounts.joining.errors import (
    AlreadyInvitedError,
    AlreadyMemberError,
    OwnerNotLimitedError,
)
from accounts.joining.models import Invitation
from accounts.joining.services.tell_owners import tell_owners
from accounts.models import Membership, User
from accounts.roles.rules import Standing
from accounts.roles.selectors.standings import get_role
from accounts.roles.services.settle_standing import refuse_against_rules
from sondervoice.kernel import audit
from sondervoice.kernel.jobs import after_commit

DAYS: Final = 7
DAYS_AT_MOST: Final = 30


@transaction.atomic
def invite_person(
    *,
    actor: Actor,
    email: str,
    role: str,
    days: int,
    now: datetime,
    to: Sequence[models.Model] | None = None,
) -> Invitation:
    """Keep the invitation and send its letter.

    Args:
        role: The word of a role of ours, or the id of one of the clinic's own.
        to: Rows of the open scope, of any kind that calls are narrowed by, whose calls
            alone the person will see; None for all calls.

    Raises:
        OwnerNotLimitedError: If an owner would be limited.
        RoleNotFoundError: If the clinic has no such role.
        RoleNotYoursError: If it is not the actor's to give.
        AlreadyMemberError: If the address is a member's.
        AlreadyInvitedError: If it has an open invitation.
    """
    known = User.objects.filter(email=email.lower()).first()
    offered = _offered(role, actor, known, now, is_limited=to is not None)
    _make_room(email, known, now)

    row = Invitation.objects.create(
        organization_id=actor.organization_id,
        email=email.lower(),
        role=offered.role,
        custom_role_id=offered.custom_role_id,
        invited_by_id=actor.id,
        limited_to=None if to is None else [one.pk for one in to],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    _tell(row, actor, days)
    return row


def _offered(
    role: str, actor: Actor, known: User | None, now: datetime, *, is_limited: bool
) -> Standing:
    """Return what the invitation makes of a person, which the rules allow.

    Raises:
        OwnerNotLimitedError: If an owner would be limited.
        RoleNotFoundError: If the clinic has no such role.
        RoleNotYoursError: If it is not the actor's to give.
    """
    offered = get_role(role)
    is_own = known is not None and known.pk == actor.id
    refuse_against_rules(
        actor=actor, is_own=is_own, before=None, after=offered, now=now
    )
    if is_limited and offered.is_owner:
        raise OwnerNotLimitedError
    return offered


def _make_room(email: str, known: User | None, now: datetime) -> None:
    """Withdraw what has run out; an address has one open invitation, or belongs here.

    Raises:
        AlreadyMemberError: If it is a member's.
        AlreadyInvitedError: If one can still be accepted.
    """
    if Membership.objects.filter(user=known, ended_at=None).exists():
        raise AlreadyMemberError
    standing = Invitation.objects.select_for_update().filter(
        email=email.lower(), used_at=None, withdrawn_at=None
    )
    for one in standing:
        if one.is_open(now=now):
            raise AlreadyInvitedError
        one.withdrawn_at = now
        one.custom_role = None
        one.save(update_fields=["withdrawn_at", "custom_role"])


def _tell(row: Invitation, actor: Actor, days: int) -> None:
    audit.record(
        audit.Entry(
            action="accounts.invitation.made",
            organization_id=row.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="invitation",
            subject_id=row.pk,
            facts={
                "days": days,
                "has_custom_role": row.custom_role_id is not None,
                "is_limited": row.is_limited,
                "grants": len(row.limited_to or ()),
            },
        )
    )
    after_commit(
        "accounts.send_invitation",
        organization_id=row.organization_id,
        ids={"invitation_id": row.pk},
    )
    tell_owners(
        "accounts.tell_owner_of_invitation", actor=actor, ids={"invitation_id": row.pk}
    )
