"""Wait for one's turn to change roles of the open clinic."""

from accounts.actors import Actor
from accounts.roles.errors import RoleNotYoursError
from accounts.roles.rules import Standing
from accounts.roles.selectors.standings import find_standing
from accounts.services.wait_for_turn import wait_for_turn


def lock_roles(*, actor: Actor) -> Standing:
    """Return what the actor is, read once it is their turn.

    Changes of one clinic's roles wait for each other until their transactions end: of
    two owners who demote each other the second has lost the right to.

    Raises:
        RoleNotYoursError: If the actor is no person of the clinic, or no longer.
    """
    wait_for_turn(actor.organization_id)
    found = find_standing(user_id=actor.id, organization_id=actor.organization_id)
    if found is None or actor.kind != "user":
        raise RoleNotYoursError
    return found
