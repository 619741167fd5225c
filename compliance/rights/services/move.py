"""Bring a request to its next checkpoint, with its line of the record and its job."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from compliance.rights import record
from compliance.rights.models import RightsRequest, RightsStep
from compliance.rights.saga import CONCLUDED, Checkpoint, require_step
from sondervoice.kernel.jobs import after_commit
from sondervoice.kernel.rights import RightsKind


def move(
    request: RightsRequest,
    to: Checkpoint,
    *,
    now: datetime,
    actor: Actor | None = None,
    counts: Mapping[str, int] | None = None,
) -> RightsStep:
    """Write the checkpoint; call it on a locked row, in the open transaction.

    Raises:
        ImpossibleStepError: If the kind's road does not lead there.
    """
    require_step(RightsKind(request.kind), Checkpoint(request.checkpoint), to)
    request.checkpoint, request.moved_at, request.stuck_at = to, now, None
    request.save()
    step = write_step(request, now=now, actor=actor, counts=counts)
    record.moved(request, actor)
    if to not in CONCLUDED:
        ask_to_go_on(request.organization_id, request.id)
    return step


def write_step(
    request: RightsRequest,
    *,
    now: datetime,
    actor: Actor | None,
    counts: Mapping[str, int] | None = None,
) -> RightsStep:
    """Keep the checkpoint that the request is at as its newest step."""
    return RightsStep.objects.create(
        organization_id=request.organization_id,
        request=request,
        number=request.steps.count() + 1,
        checkpoint=request.checkpoint,
        at=now,
        actor_id=actor.id if actor else None,
        counts=dict(counts or {}),
    )


def ask_to_go_on(organization_id: UUID, request_id: UUID) -> None:
    """Have a request gone on with once the open transaction is committed."""
    after_commit(
        "compliance.rights_go_on",
        organization_id=organization_id,
        ids={"request_id": request_id},
    )
