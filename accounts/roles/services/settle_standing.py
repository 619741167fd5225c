"""Change what somebody is to the open clinic, by the rules: the one way to do it."""

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.left_keys import KeptKeys, settle_keys
from accounts.models import Membership
from accounts.roles.errors import error_of
from accounts.roles.rules import Change, Standing, refusal_of
from accounts.roles.selectors.standings import (
    count_owners,
    may_have_first_owner,
    standing_of_member,
)
from accounts.roles.services.lock_roles import lock_roles
from accounts.services.end_sessions import end_member_sessions, end_own_sessions


def refuse_against_rules(
    *,
    actor: Actor,
    is_own: bool,
    before: Standing | None,
    after: Standing | None,
    now: datetime,
    of_user_id: UUID | None = None,
) -> None:
    """Let a change pass that the rules allow; call it in the change's transaction.

    Args:
        of_user_id: Who is something to the clinic `before`.

    Raises:
        RoleNotYoursError: If it is not the actor's to give or take.
        LastOwnerError: If the clinic would have no owner.
    """
    giver = lock_roles(actor=actor)
    refusal = refusal_of(
        Change(
            giver=giver,
            is_own=is_own,
            before=before,
            after=after,
            owners=count_owners(besides=of_user_id),
            may_have_first=may_have_first_owner(now=now),
        )
    )
    if refusal is not None:
        raise error_of(refusal)


def settle_standing(
    *,
    actor: Actor,
    member: Membership,
    after: Standing | None,
    now: datetime,
    keep_keys: KeptKeys = False,
) -> bool:
    """Make the member what `after` says, or let them go; return whether it changed.

    All sessions and tokens of the person end: the next one begins with the new role.
    Keys that they may not answer for any more end too, or the actor keeps them.

    Raises:
        PermissionMissingError: If keys are kept by who may not make any.
        ScopeTooWideError: If a key that is kept holds more than the actor does.
        RoleNotYoursError: If it is not the actor's to give or take.
        LastOwnerError: If the clinic would have no owner.
    """
    is_own = member.user_id == actor.id
    lock_roles(actor=actor)
    member.refresh_from_db()
    before = standing_of_member(member)
    refuse_against_rules(
        actor=actor,
        is_own=is_own,
        before=before,
        after=after,
        now=now,
        of_user_id=member.user_id,
    )
    if before == after:
        return False
    _end_sessions_before(member, is_own=is_own, after=after)
    _write(member, after, now)
    settle_keys(actor=actor, user_id=member.user_id, keep=keep_keys, now=now)
    if after is not None:
        end_member_sessions(user_id=member.user_id)
    return True


def _end_sessions_before(
    member: Membership, *, is_own: bool, after: Standing | None
) -> None:
    if is_own:
        end_own_sessions(user_id=member.user_id)
    elif after is None:
        # While they still belong here: of who does not, a clinic can end nothing.
        end_member_sessions(user_id=member.user_id)


def _write(member: Membership, after: Standing | None, now: datetime) -> None:
    fields = {"role", "custom_role", "ended_at"}
    if after is None:
        member.ended_at = now
    else:
        member.role = after.role
        member.custom_role_id = after.custom_role_id
        member.ended_at = None
        if after.is_owner:
            # They see everything; nobody can limit them, so nobody could lift it.
            member.is_limited = False
            fields.add("is_limited")
    member.save(update_fields=fields)
