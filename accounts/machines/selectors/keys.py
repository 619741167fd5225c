"""Questions about the clinic's keys."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.machines.errors import KeyNotFoundError
from accounts.models import ApiKey
from accounts.permissions import Permission


def list_keys(*, actor: Actor) -> QuerySet[ApiKey]:
    """Return all keys of the clinic, the newest first, those that ended among them.

    Raises:
        PermissionMissingError: If the actor may not see keys.
    """
    actor.require(Permission.KEYS_VIEW)
    found = ApiKey.objects.select_related("rule", "rule__made_by")
    return found.order_by("-created_at", "-id")


def get_key(*, actor: Actor, key_id: UUID) -> ApiKey:
    """Return one key of the clinic.

    Raises:
        PermissionMissingError: If the actor may not see keys.
        KeyNotFoundError: If there is none, or it is another clinic's.
    """
    found = list_keys(actor=actor).filter(pk=key_id).first()
    if found is None:
        raise KeyNotFoundError
    return found
