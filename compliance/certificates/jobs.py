"""The jobs of certificates."""

from typing import Final
from uuid import UUID

from compliance.certificates.services import issue_certificate as issuing
from compliance.retention.models import RetentionRun
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import after_commit, job

# Sealing takes five seconds; an open transaction holds it up for longer.
SEALED_AFTER_S: Final = 15.0


@job("compliance.certify_run", gives_up=False)
def certify_run(*, organization_id: UUID, run_id: UUID) -> None:
    """Have a certificate written for a run that erased something, once it is sealed."""
    with tenancy.scope(organization_id):
        if issuing.is_worth_one(RetentionRun.objects.get(pk=run_id)):
            after_commit(
                "compliance.issue_certificate",
                organization_id=organization_id,
                ids={"run_id": run_id},
                delay_s=SEALED_AFTER_S,
            )


@job("compliance.issue_certificate", gives_up=False, is_slow=True)
def issue_certificate(*, organization_id: UUID, run_id: UUID) -> None:
    """Write the certificate of a run; tried again until the record is sealed."""
    issuing.issue_certificate(
        organization_id=organization_id, run_id=run_id, now=utc_now()
    )
