"""Tell all owners that one of them came in past the directory."""

from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.selectors.owners import list_owner_ids
from accounts.sso.record import by_member
from sondervoice.kernel import audit
from sondervoice.kernel.jobs import after_commit


@transaction.atomic
def note_passing_by(*, actor: Actor, connection_id: UUID) -> None:
    """Record it, and write to every owner, whoever it was among them."""
    audit.record(
        audit.Entry(
            action="accounts.sso.passed_by",
            **by_member(actor, "sso_connection", connection_id),
        )
    )
    for owner_id in list_owner_ids():
        after_commit(
            "accounts.tell_directory_passed_by",
            organization_id=actor.organization_id,
            ids={"owner_id": owner_id},
        )
