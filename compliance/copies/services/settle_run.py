"""Say once that no copy of a run waits, and once that all of them are gone."""

from datetime import datetime
from uuid import UUID

from compliance.copies.events import copies_gone, run_settled
from compliance.copies.models import CopyRun, ErasureLeg
from compliance.retention.models import RetentionRun

State = ErasureLeg.State


def settle_run(*, run_id: UUID, now: datetime) -> None:
    """Look how far the run's copies are, in the clinic's open scope; tell what is new.

    Nothing is told of a run that is not finished: it may still find copies. A run
    without any is told of as soon as it is finished.
    """
    run = RetentionRun.objects.get(pk=run_id)
    if run.finished_at is None:
        return
    copies, _ = CopyRun.objects.get_or_create(
        organization_id=run.organization_id, run_id=run_id
    )
    # Of two that end the last two legs, the second sees what the first did.
    copies = CopyRun.objects.select_for_update().get(pk=copies.pk)
    legs = ErasureLeg.objects.filter(run_id=run_id)
    if copies.settled_at is None and not legs.filter(state=State.WAITING).exists():
        copies.settled_at = now
        run_settled.send(organization_id=run.organization_id, run_id=run_id)
    if copies.gone_at is None and not legs.exclude(state=State.GONE).exists():
        copies.gone_at = now
        copies_gone.send(organization_id=run.organization_id, run_id=run_id)
    copies.save()
