"""Erase what a run selects in one clinic, and look again before saying so.

It may be killed between any two lines and run again, or run twice at once: a batch is
one transaction, files and keys go after it is committed, and the run is finished only
when a second look has found nothing.
"""

import logging
from datetime import datetime
from enum import Enum, auto
from typing import Final
from uuid import UUID

from django.db.models import F

from compliance.backups.services.list_erasure import list_erasure
from compliance.copies.services.ask_for_copies import ask_for_copies
from compliance.retention.errors import StillThereError
from compliance.retention.events import run_finished
from compliance.retention.locks import act_on_decision, decide_alone
from compliance.retention.models import RetentionBatch, RetentionRun
from compliance.retention.selections import selection_of
from compliance.retention.selectors.holds import covered
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.personal_data import (
    DATA_CLASSES,
    PersonalDataHolder,
    holder_named,
    holders,
)

logger = logging.getLogger(__name__)

ROWS_A_BATCH: Final = 500
# A job's lease is a minute; a batch takes a fraction of a second.
BATCHES_A_JOB: Final = 20


class Progress(Enum):
    """How far a job brought a run.

    `WAITS` means that nothing could be done now: others hold the rows, or a call goes
    on.
    """

    FINISHED = auto()
    MORE = auto()
    WAITS = auto()


def purge(*, organization_id: UUID, run_id: UUID, now: datetime) -> Progress:
    """Erase some batches; return how far the run is.

    Raises:
        StillThereError: If all is erased and some of it can still be read.
    """
    with tenancy.scope(organization_id):
        run = RetentionRun.objects.get(pk=run_id)
    batches = _erase_batches(run, now=now)
    left = _look_again(run, now=now)
    if left:
        raise StillThereError
    if _finish(run, now=now):
        return Progress.FINISHED
    return Progress.MORE if batches else Progress.WAITS


def _erase_batches(run: RetentionRun, *, now: datetime) -> int:
    """Erase batches, holder by holder; return how many.

    A night passes over what others hold, for each row has a date of its own. All else
    keeps the order: the number by which the rest is found goes when nothing is left.
    """
    batches = 0
    for holder in holders():
        while batches < BATCHES_A_JOB and _erase_batch(run, holder, now=now):
            batches += 1
        if run.kind != RetentionRun.NIGHT and _has_due(run, holder):
            break
    return batches


def _has_due(run: RetentionRun, holder: PersonalDataHolder) -> bool:
    with tenancy.scope(run.organization_id):
        return holder.has_due(selection_of(run), holds=covered())


def _erase_batch(
    run: RetentionRun, holder: PersonalDataHolder, *, now: datetime
) -> bool:
    with tenancy.scope(run.organization_id):
        act_on_decision(run.organization_id)
        ids = holder.due(selection_of(run), holds=covered(), limit=ROWS_A_BATCH)
        if not ids:
            return False
        # What finds copies elsewhere goes with these rows.
        ask_for_copies(run, holder, ids, now=now)
        count = holder.erase(ids, now=now)
        RetentionBatch.objects.create(
            organization_id=run.organization_id,
            run=run,
            holder=holder.name,
            ids=list(ids),
            erased_at=now,
        )
        column = f"{holder.data_class}_count"
        RetentionRun.objects.filter(pk=run.id).update(**{column: F(column) + count})
        facts: dict[str, audit.Fact] = {
            "kind": holder.data_class,
            "rows": len(ids),
            "erased": count,
        }
        _record("compliance.data.erased", run, facts)
    return True


def _look_again(run: RetentionRun, *, now: datetime) -> int:
    """Destroy what no transaction holds; return how many batches are not gone yet."""
    with tenancy.scope(run.organization_id):
        waiting = RetentionBatch.objects.filter(run=run, checked_at=None)
        batches = list(waiting.order_by("id"))
    return sum(not _is_gone(batch, now=now) for batch in batches)


def _is_gone(batch: RetentionBatch, *, now: datetime) -> bool:
    holder = holder_named(batch.holder)
    organization_id = batch.organization_id
    try:
        list_erasure(batch)
        holder.destroy(batch.ids, organization_id=organization_id)
        if holder.remains(batch.ids, organization_id=organization_id):
            return False
    # The sweep's per-batch guard: a storage that is down holds up its own batch alone.
    except Exception as error:  # noqa: BLE001
        logger.warning(
            "batch not gone", extra={"id": str(batch.id), "code": type(error).__name__}
        )
        return False
    with tenancy.scope(organization_id):
        RetentionBatch.objects.filter(pk=batch.id).update(checked_at=now, ids=[])
    return True


def _finish(begun: RetentionRun, *, now: datetime) -> bool:
    organization_id = begun.organization_id
    with tenancy.scope(organization_id):
        # Waits for batches of other workers, which may be rolled back.
        decide_alone(organization_id)
        run = RetentionRun.objects.get(pk=begun.id)
        if run.finished_at is not None:
            return True
        selection, holds = selection_of(run), covered()
        if run.batches.filter(checked_at=None).exists() or any(
            holder.has_due(selection, holds=holds) for holder in holders()
        ):
            return False
        run.finished_at = now
        run.save(update_fields=["finished_at"])
        facts: dict[str, audit.Fact] = {
            str(kind): getattr(run, f"{kind}_count") for kind in DATA_CLASSES
        }
        _record("compliance.purge.finished", run, facts)
        run_finished.send(organization_id=organization_id, run_id=run.id)
    return True


def _record(action: str, run: RetentionRun, facts: dict[str, audit.Fact]) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=run.organization_id,
            actor_kind="system",
            actor_id=None,
            subject_kind="retention_run",
            subject_id=run.id,
            facts=facts,
        )
    )
