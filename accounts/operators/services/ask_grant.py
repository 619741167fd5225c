"""Ask that a person be an operator for some hours."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.operators.models import OperatorGrant
from sondervoice.kernel import audit


@transaction.atomic
def ask_grant(
    *, operator_id: UUID, user_id: UUID, reason: str, now: datetime
) -> OperatorGrant:
    """Ask for a grant that another operator will have to approve.

    One may ask for oneself, before one's own grant ends. Call it at the desk.
    """
    grant = OperatorGrant.objects.create(
        user_id=user_id, reason=reason, granted_by_id=operator_id, created_at=now
    )
    audit.record(
        audit.Entry(
            action="accounts.operator_grant.asked",
            organization_id=None,
            actor_kind="operator",
            actor_id=operator_id,
            subject_kind="operator_grant",
            subject_id=grant.pk,
            facts={"user": user_id},
        )
    )
    return grant
