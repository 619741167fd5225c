"""The only door to receptionists."""

from django.db.models import Prefetch, QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission
from telephony.reception.models import Agent, AgentVersion
from telephony.selectors.limits import agents_within


def list_agents(*, actor: Actor) -> QuerySet[Agent]:
    """Return the clinic's receptionists, oldest first, with their published versions.

    Each carries ``published``: its published versions, newest first.

    Raises:
        PermissionMissingError: If the actor may not see them.
    """
    actor.require(Permission.AGENTS_VIEW)
    published = AgentVersion.objects.filter(published_at__isnull=False)
    versions = Prefetch(
        "versions", queryset=published.order_by("-number"), to_attr="published"
    )
    agents = Agent.objects.filter(agents_within(actor))
    return agents.prefetch_related(versions).order_by("created_at", "id")
