"""The places and receptionists that a person can be limited to."""

from collections.abc import Collection
from uuid import UUID

from django.db import models

from accounts.actors import Actor
from accounts.limit_choices import LimitChoices
from telephony.models import Location
from telephony.reception.models import Agent
from telephony.selectors.places import list_places
from telephony.selectors.receptionists import list_receptionists


class PlacesAndReceptionists:
    """Answers `accounts.limit_choices`."""

    def offer(self, *, actor: Actor) -> list[LimitChoices]:
        """Return the places by name, and the receptionists, oldest first.

        Raises:
            PermissionMissingError: If the actor may see neither members nor calls.
        """
        places = [(str(one.pk), one.name) for one in list_places(actor=actor)]
        return [
            LimitChoices(
                title="Places",
                options=places,
                none_words="No place has been named.",
            ),
            LimitChoices(
                title="Receptionists",
                options=list_receptionists(actor=actor),
                none_words="There is no receptionist yet.",
            ),
        ]

    def find(self, ids: Collection[UUID]) -> list[models.Model]:
        """Return those of these that the open clinic has."""
        return [
            *Location.objects.filter(pk__in=ids),
            *Agent.objects.filter(pk__in=ids),
        ]
