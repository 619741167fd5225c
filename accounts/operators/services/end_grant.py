"""End a person's hours as an operator."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.operators.errors import OperatorThingNotFoundError, OverError
from accounts.operators.models import OperatorGrant
from sondervoice.kernel import audit


@transaction.atomic
def end_grant(*, operator_id: UUID, grant_id: UUID, now: datetime) -> OperatorGrant:
    """End a grant, one's own or another's, also before it began.

    Call it at the desk. Whatever session stands on it is over with the next request.

    Raises:
        OperatorThingNotFoundError: If there is no such grant.
        OverError: If it has ended.
    """
    grant = OperatorGrant.objects.select_for_update().filter(pk=grant_id).first()
    if grant is None:
        raise OperatorThingNotFoundError
    if grant.ended_at or (grant.expires_at and grant.expires_at <= now):
        raise OverError
    grant.ended_at = now
    grant.save(update_fields=["ended_at"])
    audit.record(
        audit.Entry(
            action="accounts.operator_grant.ended",
            organization_id=None,
            actor_kind="operator",
            actor_id=operator_id,
            subject_kind="operator_grant",
            subject_id=grant.pk,
            facts={"user": grant.user_id},
        )
    )
    return grant
