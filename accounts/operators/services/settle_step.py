"""Say what was done about one secret, and close the list when all is done."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.operators.errors import (
    OperatorThingNotFoundError,
    OverError,
    SamePersonError,
    StillOpenError,
)
from accounts.operators.models import Leaving, LeavingStep
from sondervoice.kernel import audit


@transaction.atomic
def settle_step(
    *,
    operator_id: UUID,
    step_id: UUID,
    outcome: LeavingStep.Outcome,
    reason: str,
    now: datetime,
) -> LeavingStep:
    """Settle one secret: rotated, or kept for a reason. Call it at the desk.

    Raises:
        OperatorThingNotFoundError: If there is no such step.
        OverError: If it was settled, or the list is closed.
        SamePersonError: If the operator is who leaves: it is what they could know.
    """
    step = _get_open_step(step_id)
    if step.leaving.user_id == operator_id:
        raise SamePersonError
    step.outcome = outcome
    step.reason = reason
    step.settled_by_id = operator_id
    step.settled_at = now
    step.save(update_fields=["outcome", "reason", "settled_by", "settled_at"])
    audit.record(
        audit.Entry(
            action="accounts.leaving_step.settled",
            organization_id=None,
            actor_kind="operator",
            actor_id=operator_id,
            subject_kind="leaving_step",
            subject_id=step.pk,
            facts={
                "leaving": step.leaving_id,
                "is_rotated": outcome == LeavingStep.Outcome.ROTATED,
            },
        )
    )
    return step


def _get_open_step(step_id: UUID) -> LeavingStep:
    step = LeavingStep.objects.select_for_update().filter(pk=step_id).first()
    if step is None:
        raise OperatorThingNotFoundError
    if step.outcome != LeavingStep.Outcome.OPEN:
        raise OverError
    return step


@transaction.atomic
def close_leaving(*, operator_id: UUID, leaving_id: UUID, now: datetime) -> None:
    """Close the list. Call it at the desk.

    Raises:
        OperatorThingNotFoundError: If there is no such list.
        StillOpenError: If a secret on it is neither rotated nor has a reason to stay,
            or no second operator has confirmed it.
        OverError: If it is closed.
    """
    leaving = Leaving.objects.select_for_update().filter(pk=leaving_id).first()
    if leaving is None:
        raise OperatorThingNotFoundError
    if leaving.closed_at is not None:
        raise OverError
    by_hand = leaving.steps.exclude(outcome=LeavingStep.Outcome.SOFTWARE)
    if by_hand.filter(confirmed_at=None).exists():
        raise StillOpenError
    leaving.closed_at = now
    leaving.closed_by_id = operator_id
    leaving.save(update_fields=["closed_at", "closed_by"])
    audit.record(
        audit.Entry(
            action="accounts.leaving.closed",
            organization_id=None,
            actor_kind="operator",
            actor_id=operator_id,
            subject_kind="leaving",
            subject_id=leaving.pk,
            facts={"user": leaving.user_id},
        )
    )
