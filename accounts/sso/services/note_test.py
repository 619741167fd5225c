"""Note that a connection was tried, and what came."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Membership
from accounts.sso.claims import Claims
from accounts.sso.errors import SsoRefusedError
from accounts.sso.models import SsoConnection
from accounts.sso.selectors.connections import get_connection
from sondervoice.kernel import audit


@transaction.atomic
def note_test(
    *, connection_id: UUID, user_id: UUID, claims: Claims, now: datetime
) -> None:
    """Record a test that came back; nobody is signed in by it.

    It has succeeded when an address came that the directory calls the person's own. A
    connection that is on stays on.

    Raises:
        SsoRefusedError: If whoever asked for the test has left the clinic meanwhile.
    """
    connection = get_connection(connection_id=connection_id)
    if not Membership.objects.filter(user_id=user_id, ended_at=None).exists():
        raise SsoRefusedError("member")
    has_succeeded = bool(claims.email) and claims.is_verified
    if has_succeeded:
        connection.tested_at = now
        if connection.status == SsoConnection.Status.DRAFT:
            connection.status = SsoConnection.Status.TESTED
        connection.save(update_fields=["tested_at", "status"])
    audit.record(
        audit.Entry(
            action="accounts.sso.tested",
            organization_id=connection.organization_id,
            actor_kind="user",
            actor_id=user_id,
            subject_kind="sso_connection",
            subject_id=connection.id,
            facts={"has_succeeded": has_succeeded, "claims": len(claims.names)},
        )
    )
