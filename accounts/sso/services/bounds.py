"""What somebody may not do by the directory that they may not do by hand.

Whoever sets the directory up says which roles it gives, and could answer for it, so for
everybody who comes in by it. Both are bounded by the rules for giving roles.
"""

from collections.abc import Iterable

from accounts.actors import Actor
from accounts.models import Membership
from accounts.permissions import Role
from accounts.roles.errors import RoleNotYoursError
from accounts.roles.rules import Change, Standing, refusal_of, standing_of
from accounts.roles.selectors.standings import (
    count_owners,
    find_standing,
    role_of_row,
)
from accounts.sso.errors import SsoOwnersOnlyError
from accounts.sso.models import DirectoryIdentity


def require_may_give(actor: Actor, roles: Iterable[str]) -> None:
    """Let the actor have the directory give these roles, or refuse.

    Raises:
        RoleNotYoursError: If they could not give one of them by hand.
    """
    if not _may_give(actor, [standing_of(Role(word)) for word in roles]):
        raise RoleNotYoursError


def require_may_answer_for_people(actor: Actor) -> None:
    """Let the actor say how the directory proves itself, or refuse.

    Raises:
        SsoOwnersOnlyError: If somebody comes in by it to whom they could not give what
            that person holds.
    """
    people = DirectoryIdentity.objects.exclude(user_id=actor.id).values("user_id")
    members = Membership.objects.select_related("custom_role").filter(
        user_id__in=people, ended_at=None
    )
    if not _may_give(actor, [role_of_row(member) for member in members]):
        raise SsoOwnersOnlyError


def _may_give(actor: Actor, standings: list[Standing]) -> bool:
    giver = find_standing(user_id=actor.id, organization_id=actor.organization_id)
    if giver is None:
        return not standings
    owners = count_owners()
    return all(
        refusal_of(
            Change(giver=giver, is_own=False, before=None, after=one, owners=owners)
        )
        is None
        for one in standings
    )
