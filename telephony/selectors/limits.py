"""Narrows what a limited member asks for to their places and receptionists."""

from typing import Final
from uuid import UUID

from django.db.models import Q

from accounts.actors import Actor
from telephony.models import PhoneNumber

NOBODY: Final[frozenset[UUID]] = frozenset()


def within_limits(actor: Actor, *, call: str = "") -> Q:
    """Return the condition on rows about calls that the actor may see.

    Args:
        actor: Who asks; without limits all rows pass.
        call: The way from the row to its call, as ``call__``; empty for calls.
    """
    if actor.limits is None:
        return Q()
    by_agent = {f"{call}agent_version__agent_id__in": actor.limits.get("agent", NOBODY)}
    by_place = {f"{call}number__location_id__in": actor.limits.get("location", NOBODY)}
    return Q(**by_agent) | Q(**by_place)


def agents_within(actor: Actor) -> Q:
    """Return the condition on receptionists: those named, those of a named place."""
    if actor.limits is None:
        return Q()
    places = actor.limits.get("location", NOBODY)
    there = PhoneNumber.objects.filter(location_id__in=places)
    return Q(pk__in=actor.limits.get("agent", NOBODY)) | Q(
        pk__in=there.values("agent_version__agent_id")
    )
