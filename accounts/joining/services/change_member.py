"""Change a member's role, let them go, take them back, and go oneself."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.joining.errors import AccountClosedError, MemberGoneError
from accounts.joining.selectors.people import get_own_membership
from accounts.joining.services.tell_owners import tell_owners
from accounts.left_keys import KeptKeys
from accounts.models import Membership
from accounts.roles.selectors.standings import get_role, role_of_row
from accounts.roles.services.settle_standing import settle_standing
from accounts.selectors.members import get_membership
from sondervoice.kernel import audit


@transaction.atomic
def change_role(
    *,
    actor: Actor,
    membership_id: UUID,
    role: str,
    now: datetime,
    keep_keys: KeptKeys = False,
) -> None:
    """Give a member another role; their sessions end.

    Args:
        role: The word of a role of ours, or the id of one of the clinic's own.
        keep_keys: Which of the keys that are more than the new role may answer for go
            on, and the actor answers for them; the others end.

    Raises:
        PermissionMissingError: If keys are kept by who may not make any.
        ScopeTooWideError: If a key that is kept holds more than the actor does.
        MemberNotFoundError: If they are no member of the clinic.
        MemberGoneError: If they were let go.
        RoleNotFoundError: If the clinic has no such role.
        RoleNotYoursError: If it is not the actor's to give or take.
        LastOwnerError: If the clinic would have no owner.
    """
    member = get_membership(actor=actor, membership_id=membership_id)
    after = get_role(role)
    if not member.is_active:
        raise MemberGoneError
    before = _role(member)
    if settle_standing(
        actor=actor, member=member, after=after, now=now, keep_keys=keep_keys
    ):
        hashes = hashes_of(member.organization_id, before=before, after=_role(member))
        _tell("accounts.membership.role_changed", member, actor, hashes)


@transaction.atomic
def let_go(
    *, actor: Actor, membership_id: UUID, now: datetime, keep_keys: KeptKeys = False
) -> None:
    """Let a member go: their sessions end, their row stays for the record.

    Args:
        keep_keys: Which of the keys they answer for go on, and the actor answers for
            them; the others end.

    Raises:
        PermissionMissingError: If keys are kept by who may not make any.
        ScopeTooWideError: If a key that is kept holds more than the actor does.
        MemberNotFoundError: If they are no member of the clinic.
        RoleNotYoursError: If they are not the actor's to let go.
        LastOwnerError: If the clinic would have no owner.
    """
    member = get_membership(actor=actor, membership_id=membership_id)
    hashes = hashes_of(member.organization_id, before=_role(member), after=None)
    if settle_standing(
        actor=actor, member=member, after=None, now=now, keep_keys=keep_keys
    ):
        _tell("accounts.membership.ended", member, actor, hashes)


@transaction.atomic
def take_back(*, actor: Actor, membership_id: UUID, now: datetime) -> None:
    """Take back somebody who was let go, in the role they had.

    Raises:
        MemberNotFoundError: If they never were a member.
        AccountClosedError: If they have closed their account.
        RoleNotYoursError: If the role they had is not the actor's to give.
    """
    member = get_membership(actor=actor, membership_id=membership_id)
    if not member.user.is_active:
        raise AccountClosedError
    had = role_of_row(member)
    if settle_standing(actor=actor, member=member, after=had, now=now):
        hashes = hashes_of(member.organization_id, before=None, after=_role(member))
        _tell("accounts.membership.resumed", member, actor, hashes)


@transaction.atomic
def leave_clinic(*, actor: Actor, now: datetime) -> None:
    """Go of one's own accord; all sessions end, and the keys one made.

    The session that asks goes on where the caller keeps it: `keep_session`.

    Raises:
        MemberNotFoundError: If the actor is here as somebody from outside.
        LastOwnerError: If the clinic would have no owner.
    """
    member = get_own_membership(actor=actor)
    hashes = hashes_of(member.organization_id, before=_role(member), after=None)
    settle_standing(actor=actor, member=member, after=None, now=now)
    _tell("accounts.membership.left", member, actor, hashes)


def _role(member: Membership) -> dict[str, object]:
    return {"role": member.role, "custom_role": member.custom_role_id}


def _tell(
    action: str,
    member: Membership,
    actor: Actor,
    hashes: Mapping[str, audit.Fact],
) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=member.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="membership",
            subject_id=member.pk,
            facts={"user_id": member.user_id, **hashes},
        )
    )
    tell_owners(
        "accounts.tell_owner_of_member", actor=actor, ids={"membership_id": member.pk}
    )
