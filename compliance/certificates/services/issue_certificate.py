"""Write the certificate of a run, once everything of it is gone and sealed."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max, Sum

from compliance.certificates.body import body_of
from compliance.certificates.models import DeletionCertificate
from compliance.certificates.signing import hash_of, sign
from compliance.copies.models import CopyRun, ErasureLeg
from compliance.ledger.signer import signer
from compliance.retention.models import RetentionRun
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.personal_data import DATA_CLASSES


def is_worth_one(run: RetentionRun) -> bool:
    """Return whether a run has something to certify: a night may have found nothing."""
    counts = (getattr(run, f"{kind}_count") for kind in DATA_CLASSES)
    if run.kind != RetentionRun.NIGHT or any(counts):
        return True
    legs = ErasureLeg.objects.filter(run=run).aggregate(found=Sum("found"))
    return bool(legs["found"])


def issue_certificate(*, organization_id: UUID, run_id: UUID, now: datetime) -> None:
    """Issue it; twice is harmless.

    Raises:
        LineNotSealedError: If the record of the erasure is not sealed yet.
    """
    with tenancy.scope(organization_id):
        run = RetentionRun.objects.get(pk=run_id)
        # Waits for who settles the run, or issues its certificate beside us.
        copies = CopyRun.objects.select_for_update().get(run_id=run_id)
        if copies.gone_at is None or DeletionCertificate.objects.filter(run=run):
            return
        given = DeletionCertificate.objects.aggregate(last=Max("number"))
        number = (given["last"] or 0) + 1
        body = body_of(run, number=number, now=now)
        certificate = DeletionCertificate.objects.create(
            id=uuid7(),
            organization_id=organization_id,
            number=number,
            run=run,
            issued_at=now,
            body=body,
            note=sign(body, signer()),
        )
        _record(certificate)


def _record(certificate: DeletionCertificate) -> None:
    audit.record(
        audit.Entry(
            action="compliance.certificate.issued",
            organization_id=certificate.organization_id,
            actor_kind="system",
            actor_id=None,
            subject_kind="deletion_certificate",
            subject_id=certificate.id,
            facts={
                "number": certificate.number,
                "run_id": certificate.run_id,
                "sha256": audit.Digest(hash_of(certificate.body)),
            },
        )
    )
