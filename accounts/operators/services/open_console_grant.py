"""Make the first operators, from the machine's own console."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import User
from accounts.operators.errors import OperatorThingNotFoundError
from accounts.operators.models import GRANT_AT_MOST, OperatorGrant
from sondervoice.kernel import audit


@transaction.atomic
def open_console_grant(*, email: str, reason: str, now: datetime) -> OperatorGrant:
    """Make a person staff, with one grant that nobody else stands for.

    The database lets its owner alone write such a row.

    Raises:
        OperatorThingNotFoundError: If nobody has this address, or they are inactive.
    """
    person = User.objects.filter(email=email.lower(), is_active=True).first()
    if person is None:
        raise OperatorThingNotFoundError
    # More than they could do before: whoever is signed in as them signs in anew.
    User.objects.filter(pk=person.pk).update(
        is_staff=True, session_epoch=F("session_epoch") + 1
    )
    grant = OperatorGrant.objects.create(
        user=person,
        reason=reason,
        created_at=now,
        approved_at=now,
        expires_at=now + GRANT_AT_MOST,
    )
    audit.record(
        audit.Entry(
            action="accounts.operator_grant.opened",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="operator_grant",
            subject_id=grant.pk,
            facts={"user": person.pk},
        )
    )
    return grant
