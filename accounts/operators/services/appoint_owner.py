"""Give a clinic that has lost its owner another one, as two operators asked."""

from datetime import datetime
from uuid import UUID

from accounts.change_hashes import hashes_of
from accounts.models import Membership, User
from accounts.operators.errors import OperatorOwnsNothingError, PersonNotOpenError
from accounts.operators.models import OperatorAct
from accounts.operators.selectors.ownership import (
    why_it_is_too_early,
    why_no_owner_is_given,
)
from accounts.permissions import Role
from accounts.services.end_sessions import end_member_sessions
from accounts.services.wait_for_turn import wait_for_turn
from sondervoice.kernel import audit, tenancy

_OWNER: dict[str, object] = {"role": Role.OWNER, "custom_role": None}


def appoint_owner(act: OperatorAct, now: datetime) -> None:
    """Make the act's person the owner of its clinic; their sessions end.

    Call it in the transaction that approves the act: a refusal undoes both.

    Raises:
        OwnerStandsError: If the clinic has an owner by now.
        OwnerAwaitedError: If it has had none yet.
        BeingClosedError: If its account is being closed.
        OwnerClosedLatelyError: If operators have just closed its owner's account.
        OperatorOwnsNothingError: If the person is an operator.
        PersonNotOpenError: If the person's account is closed, or nobody has confirmed
            its address.
    """
    assert act.organization_id is not None  # noqa: S101 -- asked for a clinic
    assert act.user_id is not None  # noqa: S101 -- and for a person
    with tenancy.scope(act.organization_id):
        wait_for_turn(act.organization_id)
        refusal = why_no_owner_is_given() or why_it_is_too_early(now=now)
        if refusal is not None:
            raise refusal
        before = _role_of(act.user_id)
        member, _ = Membership.objects.update_or_create(
            organization_id=act.organization_id,
            user_id=act.user_id,
            defaults=_OWNER | {"is_limited": False, "ended_at": None},
            create_defaults=_OWNER | {"created_at": now},
        )
        end_member_sessions(user_id=act.user_id)
        # That has locked the person's row, which nobody closes before the end of this.
        people = User.objects.filter(pk=act.user_id, is_active=True)
        if not people.filter(email_verified_at__isnull=False).exists():
            raise PersonNotOpenError
        if people.filter(is_staff=True).exists():
            raise OperatorOwnsNothingError
        _record(act, member, before)


def _role_of(user_id: UUID) -> dict[str, object] | None:
    """Return the role of a member, or None of who is none now."""
    found = Membership.objects.filter(user_id=user_id, ended_at=None).first()
    if found is None:
        return None
    return {"role": found.role, "custom_role": found.custom_role_id}


def _record(
    act: OperatorAct, member: Membership, before: dict[str, object] | None
) -> None:
    audit.record(
        audit.Entry(
            action="accounts.owner.appointed",
            organization_id=member.organization_id,
            actor_kind="operator",
            actor_id=act.approved_by_id,
            subject_kind="membership",
            subject_id=member.pk,
            facts={
                "user_id": member.user_id,
                "act": act.pk,
                "asked_by": act.asked_by_id,
            }
            | hashes_of(member.organization_id, before=before, after=_OWNER),
        )
    )
