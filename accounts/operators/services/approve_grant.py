"""Let somebody be an operator, as the second person."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.operators.desk import make_staff
from accounts.operators.errors import (
    OperatorThingNotFoundError,
    OverError,
    SamePersonError,
)
from accounts.operators.models import GRANT_AT_MOST, OperatorGrant
from sondervoice.kernel import audit

ASKED_FOR_AT_MOST: Final = timedelta(hours=24)


@transaction.atomic
def approve_grant(*, operator_id: UUID, grant_id: UUID, now: datetime) -> OperatorGrant:
    """Begin the grant: eight hours from now. Call it at the desk.

    Raises:
        OperatorThingNotFoundError: If there is no such grant.
        SamePersonError: If they asked for it, or it is for them.
        OverError: If it was answered, ended, or asked for more than a day ago, or if
            the person's account is closed.
    """
    grant = OperatorGrant.objects.select_for_update().filter(pk=grant_id).first()
    if grant is None:
        raise OperatorThingNotFoundError
    if operator_id in {grant.granted_by_id, grant.user_id}:
        raise SamePersonError
    is_late = grant.created_at + ASKED_FOR_AT_MOST <= now
    if grant.approved_at or grant.ended_at or is_late:
        raise OverError
    grant.approved_by_id = operator_id
    grant.approved_at = now
    grant.expires_at = now + GRANT_AT_MOST
    grant.save(update_fields=["approved_by", "approved_at", "expires_at"])
    if not make_staff(grant.user_id):
        raise OverError
    audit.record(
        audit.Entry(
            action="accounts.operator_grant.approved",
            organization_id=None,
            actor_kind="operator",
            actor_id=operator_id,
            subject_kind="operator_grant",
            subject_id=grant.pk,
            facts={"user": grant.user_id},
        )
    )
    return grant
