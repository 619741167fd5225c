"""Name a domain as the clinic's, prove it, and give it up."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.permissions import Permission
from accounts.sso.dns_proof import Proof
from accounts.sso.domain_names import read_domain
from accounts.sso.errors import (
    SsoDomainNotFoundError,
    SsoDomainTakenError,
    SsoNotReadyError,
)
from accounts.sso.models import SsoDomain
from accounts.sso.record import by_member
from accounts.sso.selectors.set_up import is_last_proof_of_enforced
from sondervoice.kernel import audit


@transaction.atomic
def add_domain(*, actor: Actor, written: str, now: datetime) -> SsoDomain:
    """Return the domain with the token that proves it; naming it twice is harmless.

    Raises:
        SsoDomainRefusedError: If it cannot be a clinic's own.
    """
    actor.require(Permission.SSO_MANAGE)
    row, is_new = SsoDomain.objects.get_or_create(
        organization_id=actor.organization_id,
        domain=read_domain(written),
        defaults={"token": secrets.token_urlsafe(24), "created_at": now},
    )
    if is_new:
        audit.record(
            audit.Entry(
                action="accounts.sso.domain_added",
                **by_member(actor, "sso_domain", row.id),
                facts=hashes_of(
                    row.organization_id, before=None, after=domain_state(row)
                ),
            )
        )
    return row


@transaction.atomic
def prove_domain(*, actor: Actor, domain_id: UUID, found: Proof, now: datetime) -> None:
    """Take what the DNS said of the domain, asked because a member wanted to know.

    Raises:
        SsoDomainNotFoundError: If the clinic has no such domain.
        SsoDomainTakenError: If another clinic has proved it.
    """
    actor.require(Permission.SSO_MANAGE)
    row = get_domain(domain_id=domain_id)
    if found is Proof.NO_ANSWER:
        return
    row.checked_at = now
    if found is Proof.THERE:
        was_proved = row.proved_at is not None
        before = domain_state(row)
        row.proved_at, row.lost_at = row.proved_at or now, None
        if not was_proved:
            audit.record(
                audit.Entry(
                    action="accounts.sso.domain_proved",
                    **by_member(actor, "sso_domain", row.id),
                    facts=hashes_of(
                        row.organization_id, before=before, after=domain_state(row)
                    ),
                )
            )
    try:
        with transaction.atomic():
            row.save(update_fields=["checked_at", "proved_at", "lost_at"])
    except IntegrityError:
        raise SsoDomainTakenError from None


@transaction.atomic
def remove_domain(*, actor: Actor, domain_id: UUID) -> None:
    """Give the domain up; nobody comes in by it any more.

    Raises:
        SsoDomainNotFoundError: If the clinic has no such domain.
        SsoNotReadyError: If it is the last one and everybody must come in by it.
    """
    actor.require(Permission.SSO_MANAGE)
    row = get_domain(domain_id=domain_id)
    if is_last_proof_of_enforced(row):
        raise SsoNotReadyError(
            "It is the last proved domain, and everybody must come in by it. Let "
            "passwords in again first."
        )
    hashes = hashes_of(row.organization_id, before=domain_state(row), after=None)
    row.delete()
    audit.record(
        audit.Entry(
            action="accounts.sso.domain_removed",
            **by_member(actor, "sso_domain", domain_id),
            facts=hashes,
        )
    )


def domain_state(row: SsoDomain) -> dict[str, object]:
    """Return what is set of a domain."""
    return {"domain": row.domain, "is_proved": row.proved_at is not None}


def get_domain(*, domain_id: UUID) -> SsoDomain:
    """Return the clinic's domain of this id, locked.

    Raises:
        SsoDomainNotFoundError: If there is none.
    """
    row = SsoDomain.objects.select_for_update().filter(pk=domain_id).first()
    if row is None:
        raise SsoDomainNotFoundError
    return row
