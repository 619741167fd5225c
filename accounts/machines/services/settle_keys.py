"""Leave no key behind that nobody answers for: end it, or let its keeper answer."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.key_state import key_state
from accounts.left_keys import KeptKeys
from accounts.machines.errors import ScopeTooWideError
from accounts.machines.models import ApiKeyRule
from accounts.machines.selectors.answered_keys import (
    answerer_of,
    keys_answered_for,
    may_answer_for,
)
from accounts.machines.services.end_key import end_now
from accounts.models import ApiKey
from accounts.permissions import Permission
from sondervoice.kernel import audit


@transaction.atomic
def settle_keys(
    *, actor: Actor, user_id: UUID | None, keep: KeptKeys = False, now: datetime
) -> int:
    """End the keys that the person may not answer for any more, or keep them.

    Call it after the person's standing has changed, in the same transaction. Ending
    needs no permission of its own: what ends a person's power ends their keys.

    Args:
        user_id: Whose standing has changed; None looks at everybody's keys.
        keep: Which of the keys go on; the actor answers for them from now on.

    Returns:
        How many keys ended or changed hands.

    Raises:
        PermissionMissingError: If they are to be kept by who may not make keys.
        ScopeTooWideError: If one holds more than the actor does.
    """
    found = keys_answered_for(user_id=user_id).select_for_update(of=("self",))
    left = [one for one in found if not may_answer_for(one, user_id=answerer_of(one))]
    for key in left:
        if keep is True or (keep and key.id in keep):
            _keep(key, actor)
        else:
            end_now(key, actor=actor, now=now)
    return len(left)


def _keep(key: ApiKey, actor: Actor) -> None:
    actor.require(Permission.KEYS_MANAGE)
    if not may_answer_for(key, user_id=actor.id):
        raise ScopeTooWideError
    before, was = answerer_of(key), key_state(key)
    key.rule.kept_by_id = actor.id
    ApiKeyRule.objects.filter(key=key).update(kept_by_id=actor.id)
    audit.record(
        audit.Entry(
            action="accounts.api_key.kept",
            organization_id=key.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="api_key",
            subject_id=key.id,
            fields=("kept_by",),
            facts={"answered_by_before": before}
            | hashes_of(key.organization_id, before=was, after=key_state(key)),
        )
    )
