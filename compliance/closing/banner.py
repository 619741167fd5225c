"""What stands above every page while an account is being closed."""

from typing import Any

from accounts.actors import Actor
from accounts.permissions import Permission, Role
from compliance.closing.models import Closing
from compliance.closing.selectors.standing import find_standing


def banner_around(actor: Actor) -> dict[str, Any]:
    """Return until when the account can be kept, and whether the actor can do that."""
    standing = find_standing()
    if standing is None:
        return {}
    is_owner = actor.role == Role.OWNER and actor.may(Permission.CLINIC_CLOSE)
    return {
        "grace_ends_at": standing.grace_ends_at,
        "is_grace": standing.step == Closing.Step.GRACE,
        "is_held": standing.is_held,
        "may_keep": is_owner,
    }
