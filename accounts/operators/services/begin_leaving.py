"""A colleague leaves: their power ends at once, and a list of secrets begins."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.machines.selectors.gateway_tokens import list_gateway_tokens
from accounts.machines.services.rotate_gateway_token import rotate_gateway_token
from accounts.operators.desk import retire_operator
from accounts.operators.errors import (
    OperatorThingNotFoundError,
    OverError,
    SamePersonError,
)
from accounts.operators.known_secrets import GATEWAY_TOKEN, KNOWN_SECRETS
from accounts.operators.models import Leaving, LeavingStep, OperatorGrant
from sondervoice.kernel import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A list that has begun.

    Attributes:
        gateway_token: The words of the gateway's next token, this once; empty where no
            gateway has one.
    """

    leaving: Leaving
    gateway_token: str


@transaction.atomic
def begin_leaving(*, operator_id: UUID, user_id: UUID, now: datetime) -> Begun:
    """End the person's grants, agencies, sessions and tokens; rotate and list the rest.

    What they asked for and nobody has approved ends too. Call it at the desk. Their
    sessions at clinics are over with their grant.

    Raises:
        SamePersonError: If it is the operator themself.
        OverError: If their leaving has begun already.
        OperatorThingNotFoundError: If there is no such person, or they never were an
            operator: what a clinic or an agency gave them is not ours to take.
    """
    if operator_id == user_id:
        raise SamePersonError
    if not _was_operator(user_id):
        raise OperatorThingNotFoundError
    if Leaving.objects.filter(user_id=user_id, closed_at=None).exists():
        raise OverError
    ended = _end_grants(user_id, now)
    if not retire_operator(user_id):
        raise OperatorThingNotFoundError
    leaving = Leaving.objects.create(
        user_id=user_id, begun_by_id=operator_id, begun_at=now
    )
    gateway_token = _rotate_gateway(now)
    LeavingStep.objects.bulk_create(_steps(leaving, has_gateway=bool(gateway_token)))
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
    return Begun(leaving=leaving, gateway_token=gateway_token)


def _was_operator(user_id: UUID) -> bool:
    grants = OperatorGrant.objects.filter(user_id=user_id)
    return grants.filter(approved_at__isnull=False).exists()


def _end_grants(user_id: UUID, now: datetime) -> int:
    """End the person's hours, and what they asked for others; return how many hours."""
    not_over = Q(expires_at=None) | Q(expires_at__gt=now)
    grants = OperatorGrant.objects.filter(ended_at=None)
    ended = grants.filter(not_over, user_id=user_id).update(ended_at=now)
    grants.filter(granted_by_id=user_id, approved_at=None).update(ended_at=now)
    return ended


def _rotate_gateway(now: datetime) -> str:
    if not list_gateway_tokens().filter(replaced_at=None).exists():
        return ""
    _, words = rotate_gateway_token(now=now)
    return words


def _steps(leaving: Leaving, *, has_gateway: bool) -> list[LeavingStep]:
    steps = [LeavingStep(leaving=leaving, secret=name) for name in KNOWN_SECRETS]
    for step in steps:
        if step.secret == GATEWAY_TOKEN:
            step.outcome = LeavingStep.Outcome.SOFTWARE
            step.reason = "" if has_gateway else "No gateway has one."
            step.settled_by_id = leaving.begun_by_id
            step.settled_at = leaving.begun_at
    return steps
