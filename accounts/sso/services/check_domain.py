"""Look again whether a proof still stands: tell the owners, and close after a week."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.change_hashes import hashes_of
from accounts.selectors.owners import list_owner_ids
from accounts.sso.dns_proof import Proof
from accounts.sso.models import SsoDomain
from accounts.sso.services.manage_domains import domain_state
from sondervoice.kernel import audit
from sondervoice.kernel.jobs import after_commit

GRACE: Final = timedelta(days=7)


@transaction.atomic
def check_domain(*, domain_id: UUID, found: Proof, now: datetime) -> None:
    """Take what the DNS said, in the clinic's scope; no answer changes nothing.

    A record that is missed is told to the owners at once; a week later nobody comes in
    by the domain until it is proved anew.
    """
    row = SsoDomain.objects.select_for_update().filter(pk=domain_id).first()
    if row is None or row.proved_at is None or found is Proof.NO_ANSWER:
        return
    row.checked_at = now
    if found is Proof.THERE:
        row.lost_at = None
    elif row.lost_at is None:
        row.lost_at = now
        audit.record(_row("accounts.sso.domain_missed", row, {}))
        _tell_owners(row)
    elif now - row.lost_at >= GRACE:
        before = domain_state(row)
        row.proved_at = row.lost_at = None
        hashes = hashes_of(row.organization_id, before=before, after=domain_state(row))
        audit.record(_row("accounts.sso.domain_closed", row, hashes))
    row.save(update_fields=["checked_at", "lost_at", "proved_at"])


def _tell_owners(row: SsoDomain) -> None:
    for owner_id in list_owner_ids():
        after_commit(
            "accounts.tell_domain_missed",
            organization_id=row.organization_id,
            ids={"domain_id": row.id, "owner_id": owner_id},
        )


def _row(action: str, row: SsoDomain, facts: Mapping[str, audit.Fact]) -> audit.Entry:
    return audit.Entry(
        action=action,
        organization_id=row.organization_id,
        actor_kind="system",
        actor_id=None,
        subject_kind="sso_domain",
        subject_id=row.id,
        facts=facts,
    )
