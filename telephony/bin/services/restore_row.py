"""Bring something back from the bin, whole."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from sondervoice.kernel import audit
from telephony.bin.errors import BeyondReturnError
from telephony.bin.kinds import Kind
from telephony.bin.selectors.binned import get_binned


@transaction.atomic
def restore_row(*, actor: Actor, kind: Kind, row_id: UUID, now: datetime) -> Any:
    """Bring one thing back and return its row; its dates are those it had.

    Raises:
        BeyondReturnError: If its 30 days are over, or it is being erased.
        PermissionMissingError: If the actor may not delete.
        RowNotFoundError: If no such thing lies in the clinic's bin.
    """
    row = cast("Any", get_binned(actor=actor, kind=kind, row_id=row_id, lock=True))
    if row.restorable_until <= now:
        raise BeyondReturnError
    row.deleted_at = row.deleted_by = row.restorable_until = None
    row.save(update_fields=["deleted_at", "deleted_by", "restorable_until"])
    audit.record(
        audit.Entry(
            action="telephony.row.restored",
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind=kind.value,
            subject_id=row_id,
            fields=("deleted_at",),
        )
    )
    return row
