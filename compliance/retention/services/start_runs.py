"""Begin a purge: the night's of every clinic, or one that somebody decided."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.way_in import organization_ids
from compliance.retention.models import RetentionRun
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import after_commit


@transaction.atomic
def start_runs(*, due_at: datetime, now: datetime) -> None:
    """Make a run for each clinic and ask for its purge; twice is harmless."""
    for organization_id in organization_ids():
        with tenancy.scope(organization_id):
            run, is_new = RetentionRun.objects.get_or_create(
                organization_id=organization_id,
                kind=RetentionRun.NIGHT,
                due_at=due_at,
                defaults={"started_at": now},
            )
            if is_new:
                ask_purge(organization_id=organization_id, run_id=run.id)


def start_run(
    *, organization_id: UUID, kind: str, cause_id: UUID, now: datetime
) -> RetentionRun:
    """Make the run of a cause in the clinic's open scope; twice is harmless.

    Args:
        kind: One that `selections.register_kind` knows.
    """
    run, is_new = RetentionRun.objects.get_or_create(
        organization_id=organization_id,
        kind=kind,
        cause_id=cause_id,
        defaults={"due_at": now, "started_at": now},
    )
    if is_new:
        ask_purge(organization_id=organization_id, run_id=run.id)
    return run


def ask_purge(*, organization_id: UUID, run_id: UUID, delay_s: float = 0) -> None:
    """Have a run begun or gone on with, once the open transaction is committed."""
    after_commit(
        "compliance.purge_clinic",
        organization_id=organization_id,
        ids={"run_id": run_id},
        delay_s=delay_s,
    )
