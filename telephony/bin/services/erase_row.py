"""Erase something in the bin at once, by the engine that erases at night."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.second_factor.freshness import require_fresh_factor
from compliance.retention.services.start_runs import start_run
from sondervoice.kernel import audit
from telephony.bin.errors import HeldError
from telephony.bin.kinds import Kind
from telephony.bin.selectors.binned import get_binned, list_held


@transaction.atomic
def erase_row(*, actor: Actor, kind: Kind, row_id: UUID, now: datetime) -> None:
    """End its time in the bin now and have a run erase it; twice is harmless.

    A hold that is placed meanwhile wins: a night after its release takes the rest.

    Raises:
        HeldError: If a legal hold covers it.
        PermissionMissingError: If the actor may not delete.
        RowNotFoundError: If no such thing lies in the clinic's bin.
        SecondFactorStaleError: If the actor's own factor was shown too long ago.
    """
    row = cast("Any", get_binned(actor=actor, kind=kind, row_id=row_id, lock=True))
    require_fresh_factor(actor, now=now)
    if row_id in list_held(actor=actor, kind=kind):
        raise HeldError
    if row.restorable_until > now:
        row.restorable_until = now
        row.save(update_fields=["restorable_until"])
    run = start_run(
        organization_id=actor.organization_id, kind="bin", cause_id=row_id, now=now
    )
    audit.record(
        audit.Entry(
            action="telephony.row.erased",
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind=kind.value,
            subject_id=row_id,
            facts={"run": run.id},
        )
    )
