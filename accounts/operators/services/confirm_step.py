"""Confirm, as the second operator, what was done about one secret."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.operators.errors import (
    OperatorThingNotFoundError,
    OverError,
    SamePersonError,
)
from accounts.operators.models import LeavingStep
from sondervoice.kernel import audit

_BY_HAND = (LeavingStep.Outcome.ROTATED, LeavingStep.Outcome.KEPT)


@transaction.atomic
def confirm_step(*, operator_id: UUID, step_id: UUID, now: datetime) -> LeavingStep:
    """Confirm a secret that another operator settled. Call it at the desk.

    Raises:
        OperatorThingNotFoundError: If there is no such step.
        OverError: If it is open, confirmed, or the software's own.
        SamePersonError: If the operator settled it themselves, or is who leaves.
    """
    step = LeavingStep.objects.select_for_update().filter(pk=step_id).first()
    if step is None:
        raise OperatorThingNotFoundError
    if step.outcome not in _BY_HAND or step.confirmed_at is not None:
        raise OverError
    if operator_id in {step.settled_by_id, step.leaving.user_id}:
        raise SamePersonError
    step.confirmed_by_id = operator_id
    step.confirmed_at = now
    step.save(update_fields=["confirmed_by", "confirmed_at"])
    audit.record(
        audit.Entry(
            action="accounts.leaving_step.confirmed",
            organization_id=None,
            actor_kind="operator",
            actor_id=operator_id,
            subject_kind="leaving_step",
            subject_id=step.pk,
            facts={"leaving": step.leaving_id},
        )
    )
    return step
