"""The receptionists that answered a clinic's calls."""

from accounts.actors import Actor
from accounts.permissions import Permission
from telephony.reception.models import Agent
from telephony.selectors.limits import agents_within


def list_receptionists(*, actor: Actor) -> list[tuple[str, str]]:
    """Return id and name of each receptionist, oldest first.

    Raises:
        PermissionMissingError: If the actor may not see calls.
    """
    actor.require(Permission.CALLS_VIEW)
    agents = Agent.objects.filter(agents_within(actor))
    found = agents.order_by("created_at", "id").values_list("id", "name")
    return [(str(agent_id), name) for agent_id, name in found]
