"""Letters that take a clinic's checkpoint to where nobody of ours can reach it."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from celery import shared_task
from django.db import transaction

from accounts.letters import send_letter
from accounts.selectors.owners import find_address, get_clinic_name, list_owner_ids
from accounts.way_in import organization_ids
from compliance.ledger.proofs import find_sealed
from compliance.ledger.signer import verifier_of
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import after_commit, job
from sondervoice.kernel.purposes import Purpose, Sending, Subject
from sondervoice.kernel.slots import claim_slot, finish_slot, latest_slot

_MAIL: Final = Sending(to=("mail",), of=Subject.STAFF, purpose=Purpose.RECORD)

_JOB: Final = "compliance.mail_checkpoints"
_LEASE: Final = timedelta(minutes=10)
# Weekly, on Mondays at 08:00 UTC; a clock that stood still for longer waits a week.
_HOUR: Final = 8
_LATE: Final = timedelta(days=3)


@shared_task(name=_JOB, ignore_result=True)
def mail_checkpoints() -> None:
    """Ask once a week for a letter to each owner of each clinic."""
    now = utc_now()
    slot = latest_slot(now, hour=_HOUR, weekday=0)
    if now - slot > _LATE or not claim_slot(_JOB, slot, now=now, lease=_LEASE):
        return
    with transaction.atomic():
        for organization_id in organization_ids():
            with tenancy.scope(organization_id):
                for owner_id in list_owner_ids():
                    after_commit(
                        "compliance.mail_checkpoint",
                        organization_id=organization_id,
                        ids={"owner_id": owner_id},
                    )
        finish_slot(_JOB, slot, now=now)


@job("compliance.mail_checkpoint", gives_up=False, sends=_MAIL)
def mail_checkpoint(*, organization_id: UUID, owner_id: UUID) -> None:
    """Write to an owner how far their clinic's record is sealed."""
    with tenancy.scope(organization_id):
        to = find_address(owner_id=owner_id)
        sealed = find_sealed(organization_id)
        clinic = get_clinic_name(organization_id=organization_id)
    if to is None or sealed is None:
        return
    send_letter(
        "checkpoint",
        to=to,
        clinic=clinic,
        sealed=sealed,
        key=verifier_of(sealed.note),
    )
    with tenancy.scope(organization_id):
        audit.record(
            audit.Entry(
                action="compliance.checkpoint.mailed",
                organization_id=organization_id,
                actor_kind="system",
                actor_id=None,
                subject_kind="user",
                subject_id=owner_id,
                facts={"size": sealed.head.size},
            )
        )
