"""Note that a connection was tried, and what came."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.sso.claims import Claims
from accounts.sso.models import SsoConnection
from accounts.sso.record import by_member
from accounts.sso.selectors.connections import get_connection
from sondervoice.kernel import audit


@transaction.atomic
def note_test(
    *, actor: Actor, connection_id: UUID, claims: Claims, now: datetime
) -> None:
    """Record a test that came back; nobody is signed in by it.

    It has succeeded when an address came that the directory calls the person's own. A
    connection that is on stays on.

    Raises:
        PermissionMissingError: If whoever asked for it may not set it up any more.
    """
    actor.require(Permission.SSO_MANAGE)
    connection = get_connection(connection_id=connection_id)
    has_succeeded = bool(claims.email) and claims.is_verified
    if has_succeeded:
        connection.tested_at = now
        if connection.status == SsoConnection.Status.DRAFT:
            connection.status = SsoConnection.Status.TESTED
        connection.save(update_fields=["tested_at", "status"])
    audit.record(
        audit.Entry(
            action="accounts.sso.tested",
            **by_member(actor, "sso_connection", connection.id),
            facts={"has_succeeded": has_succeeded, "claims": len(claims.names)},
        )
    )
