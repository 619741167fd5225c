"""Ask for what an operator must not do alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.entitlements import Plan
from accounts.models import User
from accounts.operators.errors import SamePersonError
from accounts.operators.models import OperatorAct
from sondervoice.kernel import audit

_NOT_OF_ONESELF: Final = frozenset(
    {OperatorAct.Kind.PERSON_CLOSE, OperatorAct.Kind.OWNER_APPOINT}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActAsk:
    """What is asked for; `OperatorAct` says which kind needs what."""

    kind: OperatorAct.Kind
    reason: str
    organization_id: UUID | None = None
    user_id: UUID | None = None
    agency_id: UUID | None = None
    plan: Plan | None = None
    name: str = ""


@transaction.atomic
def ask_act(*, operator: User, ask: ActAsk, now: datetime) -> OperatorAct:
    """Ask for an act that another operator will have to approve.

    Call it at the desk, for a clinic, a person and an agency that exist.

    Raises:
        SamePersonError: If they would close their own account, or own the clinic.
    """
    if ask.user_id == operator.pk and ask.kind in _NOT_OF_ONESELF:
        raise SamePersonError
    act = OperatorAct.objects.create(
        kind=ask.kind,
        organization_id=ask.organization_id,
        user_id=ask.user_id,
        agency_id=ask.agency_id,
        plan=ask.plan or "",
        name=ask.name,
        reason=ask.reason,
        asked_by=operator,
        asker_name=operator.full_name or operator.email,
        asked_at=now,
    )
    audit.record(
        audit.Entry(
            action="accounts.operator_act.asked",
            organization_id=None,
            actor_kind="operator",
            actor_id=operator.pk,
            subject_kind="operator_act",
            subject_id=act.pk,
            facts=facts_of(act),
        )
    )
    return act


def facts_of(act: OperatorAct) -> dict[str, audit.Fact]:
    """Return what the record tells of an act; what it did has rows of its own."""
    about = {
        "organization": act.organization_id,
        "user": act.user_id,
        "agency": act.agency_id,
    }
    return {
        "kind": OperatorAct.Kind(act.kind),
        **{name: one for name, one in about.items() if one is not None},
    }
