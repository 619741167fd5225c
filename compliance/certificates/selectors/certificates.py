"""The certificates of the clinic, for a reader."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.certificates.errors import CertificateNotFoundError
from compliance.certificates.models import DeletionCertificate
from compliance.certificates.services.issue_certificate import is_worth_one
from compliance.certificates.signing import hash_of
from compliance.copies.models import ErasureLeg
from compliance.retention.models import RetentionRun

SHOWN: Final = 200
WAITING_SHOWN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateView:
    """A certificate as pages and the PDF show it.

    Attributes:
        body: What was signed, with its instants as such.
        sha256: Of what was signed.
    """

    id: UUID
    number: int
    body: dict[str, Any]
    note: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A finished erasure that has no certificate yet.

    Attributes:
        asked: Copies elsewhere that may exist still.
        needs_person: How many of them somebody was told of.
    """

    run: RetentionRun
    asked: int
    needs_person: int


def list_certificates(*, actor: Actor) -> QuerySet[DeletionCertificate]:
    """Return certificates, the newest first.

    Raises:
        PermissionMissingError: If the actor may not see what was erased.
    """
    actor.require(Permission.RETENTION_VIEW)
    return DeletionCertificate.objects.order_by("-number")[:SHOWN]


def list_waiting(*, actor: Actor) -> list[Waiting]:
    """Return finished erasures without a certificate, the oldest first.

    Raises:
        PermissionMissingError: If the actor may not see what was erased.
    """
    actor.require(Permission.RETENTION_VIEW)
    has_one = DeletionCertificate.objects.filter(run=OuterRef("pk"))
    # Of before there were certificates, nothing is looked up.
    has_copies = RetentionRun.objects.filter(
        ~Exists(has_one), finished_at__isnull=False, copies__isnull=False
    )
    runs = has_copies.order_by("-finished_at")[:WAITING_SHOWN]
    return [_waiting(run) for run in runs if is_worth_one(run)]


def _waiting(run: RetentionRun) -> Waiting:
    open_legs = ErasureLeg.objects.filter(run=run).exclude(state=ErasureLeg.State.GONE)
    told = open_legs.filter(state=ErasureLeg.State.ESCALATED)
    return Waiting(run=run, asked=open_legs.count(), needs_person=told.count())


def get_certificate(*, actor: Actor, certificate_id: UUID) -> DeletionCertificate:
    """Return one certificate.

    Raises:
        PermissionMissingError: If the actor may not see what was erased.
        CertificateNotFoundError: If the clinic has none of that id.
    """
    actor.require(Permission.RETENTION_VIEW)
    found = DeletionCertificate.objects.filter(pk=certificate_id).first()
    if found is None:
        raise CertificateNotFoundError
    return found


def shown(certificate: DeletionCertificate) -> CertificateView:
    """Return it with instants in place of their texts."""
    return CertificateView(
        id=certificate.id,
        number=certificate.number,
        body=_with_instants(certificate.body),
        note=certificate.note,
        sha256=hash_of(certificate.body),
    )


def _with_instants(said: Any) -> Any:
    if isinstance(said, dict):
        return {
            name: _instant(value)
            if name.endswith(("_at", "_by")) or name == "at"
            else _with_instants(value)
            for name, value in said.items()
        }
    if isinstance(said, list):
        return [_with_instants(one) for one in said]
    return said


def _instant(text: Any) -> Any:
    if not isinstance(text, str) or not text:
        return None
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
