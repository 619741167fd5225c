"""Whose sign-in and limits somebody may decide about."""

from accounts.actors import Actor
from accounts.models import Membership
from accounts.roles.rules import Change, refusal_of
from accounts.roles.selectors.standings import (
    count_owners,
    find_standing,
    standing_of_member,
)


def reaches(*, actor: Actor, member: Membership) -> bool:
    """Return whether the rules let the actor give the role that the member has."""
    giver = find_standing(user_id=actor.id, organization_id=actor.organization_id)
    if giver is None:
        return False
    standing = standing_of_member(member)
    change = Change(
        giver=giver,
        is_own=member.user_id == actor.id,
        before=standing,
        after=standing,
        owners=count_owners(),
    )
    return refusal_of(change) is None
