"""End a key: from the next request on it opens nothing."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.key_state import key_state
from accounts.machines.errors import KeyNotFoundError
from accounts.models import ApiKey
from accounts.permissions import Permission
from sondervoice.kernel import audit


@transaction.atomic
def end_key(*, actor: Actor, key_id: UUID, now: datetime) -> ApiKey:
    """End the key; doing so twice is harmless, the first time stands.

    Raises:
        PermissionMissingError: If the actor may not end keys.
        KeyNotFoundError: If it is not one of the clinic's.
    """
    actor.require(Permission.KEYS_MANAGE)
    key = ApiKey.objects.select_for_update().filter(pk=key_id).first()
    if key is None:
        raise KeyNotFoundError
    if key.revoked_at is None:
        end_now(key, actor=actor, now=now)
    return key


def end_now(key: ApiKey, *, actor: Actor, now: datetime) -> None:
    """End a key that is locked and has not ended, and record it."""
    key.revoked_at = now
    key.save(update_fields=["revoked_at"])
    audit.record(
        audit.Entry(
            action="accounts.api_key.ended",
            organization_id=key.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="api_key",
            subject_id=key.id,
            fields=("revoked_at",),
            facts=hashes_of(key.organization_id, before=key_state(key), after=None),
        )
    )
