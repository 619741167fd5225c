"""Name the places and receptionists whose calls a member sees, or lift the limits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from guardian.shortcuts import assign_perm

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.errors import LimitsNotYoursError, MemberNotFoundError, OwnLimitsError
from accounts.left_keys import settle_keys
from accounts.limits import forget_grants, granted_to
from accounts.models import Membership
from accounts.permissions import Permission, Role
from accounts.reach import reaches
from accounts.services.end_sessions import end_member_sessions
from accounts.services.tell_of_member import tell_of_limits
from accounts.services.wait_for_turn import wait_for_turn
from sondervoice.kernel import audit


@transaction.atomic
def limit_member(
    *,
    actor: Actor,
    membership_id: UUID,
    to: Sequence[models.Model] | None,
    now: datetime,
) -> None:
    """Let the member see the calls of these places and receptionists alone.

    Their sessions end, so that nothing they have open goes on showing more, and so do
    their keys, since they administer nothing. They and the owners get a letter.

    Args:
        to: Rows of the open scope, of any kind that calls are narrowed by; None lifts
            the limits, an empty one leaves nothing to see.

    Raises:
        LimitsNotYoursError: If the rules of roles would not let the actor give the
            member the role they have.
        MemberNotFoundError: If there is no such member here.
        OwnLimitsError: If the actor would limit themselves, or an owner.
        PermissionMissingError: If the actor may not manage members.
    """
    wait_for_turn(actor.organization_id)
    member = _locked(membership_id)
    actor.require(Permission.MEMBERS_MANAGE)
    if member.user_id == actor.id or member.role == Role.OWNER:
        raise OwnLimitsError
    if not reaches(actor=actor, member=member):
        raise LimitsNotYoursError
    renew_limits(actor=actor, member=member, to=to, now=now)


def renew_limits(
    *,
    actor: Actor,
    member: Membership,
    to: Sequence[models.Model] | None,
    now: datetime,
    by_directory: bool = False,
    is_new: bool = False,
) -> None:
    """Do what follows from other limits, for whoever has asked the rules.

    Args:
        to: Whose calls the member sees; None for all calls.
        by_directory: The clinic's directory says so, and nobody by hand.
        is_new: The member joins by it: owners are told of changes alone.
    """
    before = _state(member)
    name_what_they_see(member, to, by_directory=by_directory)
    settle_keys(actor=actor, user_id=member.user_id, now=now)
    end_member_sessions(user_id=member.user_id)
    after = _state(member)
    if after != before:
        tell_of_limits(actor=actor, member=member, with_owners=not is_new)
    hashes = hashes_of(member.organization_id, before=before, after=after)
    _record(actor, member, {"grants": len(to or ()), **hashes})


def name_what_they_see(
    member: Membership,
    to: Sequence[models.Model] | None,
    *,
    by_directory: bool = False,
) -> None:
    """Let a membership stand for the calls of these things; None for all calls.

    Whoever calls it has asked the rules, and writes it down.
    """
    member.is_limited = to is not None
    member.limits_by_directory = by_directory
    member.save(update_fields=["is_limited", "limits_by_directory"])
    forget_grants(member.user)
    for one in to or ():
        assign_perm(f"view_{one._meta.model_name}", member.user, one)


def _locked(membership_id: UUID) -> Membership:
    member = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(pk=membership_id, ended_at=None)
        .first()
    )
    if member is None:
        raise MemberNotFoundError
    return member


def _state(member: Membership) -> dict[str, object]:
    granted = granted_to(member.user_id) if member.is_limited else {}
    return {kind: sorted(map(str, ids)) for kind, ids in granted.items()} | {
        "is_limited": member.is_limited
    }


def _record(actor: Actor, member: Membership, facts: Mapping[str, audit.Fact]) -> None:
    audit.record(
        audit.Entry(
            action="accounts.member.limited",
            organization_id=member.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="membership",
            subject_id=member.id,
            fields=("is_limited",),
            facts={"is_limited": member.is_limited, **facts},
        )
    )
