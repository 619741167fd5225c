"""A colleague leaves: their power ends at once, and a list of secrets begins."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.operators.desk import retire_operator
from accounts.operators.errors import (
    OperatorThingNotFoundError,
    OverError,
    SamePersonError,
)
from accounts.operators.known_secrets import KNOWN_SECRETS
from accounts.operators.models import Leaving, LeavingStep, OperatorGrant
from sondervoice.kernel import audit


@transaction.atomic
def begin_leaving(*, operator_id: UUID, user_id: UUID, now: datetime) -> Leaving:
    """End the person's grants, agencies, sessions and tokens; list what they knew.

    Call it at the desk. Their sessions at clinics are over with their grant.

    Raises:
        SamePersonError: If it is the operator themself.
        OverError: If their leaving has begun already.
        OperatorThingNotFoundError: If there is no such person.
    """
    if operator_id == user_id:
        raise SamePersonError
    if Leaving.objects.filter(user_id=user_id, closed_at=None).exists():
        raise OverError
    not_over = Q(expires_at=None) | Q(expires_at__gt=now)
    grants = OperatorGrant.objects.filter(not_over, user_id=user_id, ended_at=None)
    ended = grants.update(ended_at=now)
    if not retire_operator(user_id):
        raise OperatorThingNotFoundError
    leaving = Leaving.objects.create(
        user_id=user_id, begun_by_id=operator_id, begun_at=now
    )
    LeavingStep.objects.bulk_create(
        LeavingStep(leaving=leaving, secret=name) for name in KNOWN_SECRETS
    )
    audit.record(
        audit.Entry(
            action="accounts.leaving.begun",
            organization_id=None,
            actor_kind="operator",
            actor_id=operator_id,
            subject_kind="leaving",
            subject_id=leaving.pk,
            facts={"user": user_id, "grants": ended, "secrets": len(KNOWN_SECRETS)},
        )
    )
    return leaving
