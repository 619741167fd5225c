"""Let a member whose telephone is lost set a second factor up anew."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from accounts.actors import Actor
from accounts.models import Membership
from accounts.permissions import Permission, Role
from accounts.reach import reaches
from accounts.second_factor.errors import FactorResetRefusedError
from accounts.second_factor.freshness import require_fresh_factor
from accounts.selectors.members import get_member
from accounts.services.end_sessions import end_member_sessions
from accounts.services.tell_of_member import tell_owners_of_reset
from sondervoice.kernel import audit
from sondervoice.kernel.jobs import after_commit


@transaction.atomic
def reset_member_factor(*, actor: Actor, membership_id: UUID, now: datetime) -> None:
    """Take a member's factors away, end their sessions, and tell them and the owners.

    Raises:
        FactorResetRefusedError: If it is the actor's own, an owner's and the actor is
            none, somebody's whose role the actor could not give, or the person has
            power in another clinic too.
        MemberNotFoundError: If there is no such member in this clinic.
        PermissionMissingError: If the actor may not manage members.
        SecondFactorStaleError: If the actor's own factor was shown too long ago.
    """
    actor.require(Permission.MEMBERS_MANAGE)
    member = get_member(actor=actor, membership_id=membership_id)
    words = why_not(actor=actor, member=member)
    if words is not None:
        raise FactorResetRefusedError(words)
    require_fresh_factor(actor, now=now)
    if not _forget(member.user_id):
        raise FactorResetRefusedError(
            "This person also runs another clinic, so one clinic alone cannot do "
            "this. They can sign in with a recovery code."
        )
    end_member_sessions(user_id=member.user_id)
    after_commit(
        "accounts.tell_factor_reset",
        organization_id=actor.organization_id,
        ids={"user_id": member.user_id},
    )
    tell_owners_of_reset(actor=actor, member=member)
    audit.record(
        audit.Entry(
            action="accounts.factor.reset",
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="user",
            subject_id=member.user_id,
        )
    )


def why_not(*, actor: Actor, member: Membership) -> str | None:
    """Return why the actor may not reset this member's factor, or None."""
    if member.user_id == actor.id:
        return "This is your own sign-in. You change it in your menu."
    if member.role == Role.OWNER and actor.role != Role.OWNER:
        return "Only another owner can do this for an owner."
    if not reaches(actor=actor, member=member):
        return "Their role may do more than yours. An owner can do this."
    return None


def _forget(user_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_factors_of(%s)", [user_id])
        return bool(cursor.fetchone()[0])
