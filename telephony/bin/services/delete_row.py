"""Put something into the bin: out of sight at once, restorable for 30 days."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Organization
from accounts.second_factor.freshness import require_fresh_factor
from sondervoice.kernel import audit
from sondervoice.kernel.soft_delete import RESTORABLE_FOR
from telephony.bin.errors import StillNeededError
from telephony.bin.kinds import DRAWERS, Kind
from telephony.bin.selectors.binned import get_visible


@transaction.atomic
def delete_row(*, actor: Actor, kind: Kind, row_id: UUID, now: datetime) -> Any:
    """Delete one thing of the clinic's and return its row.

    Its dates stay as they are: what is past its own goes at that date.

    Raises:
        PermissionMissingError: If the actor may not delete.
        RowNotFoundError: If there is none, it is another clinic's, or deleted already.
        SecondFactorStaleError: If the clinic is in HIPAA mode and the actor's second
            factor was shown more than five minutes ago.
        StillNeededError: If the call goes on, or the visit is to come.
    """
    row = cast("Any", get_visible(actor=actor, kind=kind, row_id=row_id, lock=True))
    if Organization.objects.get(pk=actor.organization_id).hipaa_mode:
        require_fresh_factor(actor, now=now)
    if words := DRAWERS[kind].refusal(row, now):
        raise StillNeededError(words)
    row.deleted_at = now
    row.deleted_by = actor.id
    row.restorable_until = now + RESTORABLE_FOR
    row.save(update_fields=["deleted_at", "deleted_by", "restorable_until"])
    audit.record(
        audit.Entry(
            action="telephony.row.deleted",
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind=kind.value,
            subject_id=row_id,
            fields=("deleted_at",),
        )
    )
    return row
