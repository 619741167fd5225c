"""Erase what a run selects in one clinic, and look again before saying so.

It may be killed between any two lines and run again, or run twice at once: a batch is
one transaction, files and keys go after it is committed, and the run is finished only
when a second look has found nothing.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import Enum, auto
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db.models import F

from compliance.backups.services.list_erasures import list_erasures
from compliance.copies.services.ask_for_copies import ask_for_copies
from compliance.retention.errors import StillThereError
from compliance.retention.events import run_finished
from compliance.retention.locks import act_on_decision, decide_alone
from compliance.retention.models import RetentionBatch, RetentionRun
from compliance.retention.selections import selection_of
from compliance.retention.selectors.holds import count_held, covered
from compliance.retention.together import rows_of, sharing
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.personal_data import (
    DATA_CLASSES,
    PersonalDataHolder,
    SharesRows,
    holder_named,
    holders,
)

logger = logging.getLogger(__name__)

ROWS_A_BATCH: Final = 1_000
# A job's lease is a minute; a batch takes a fraction of a second.
BATCHES_A_JOB: Final = 10
# For the second look; those of the same rows are neighbours.
BATCHES_LOADED: Final = 20


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
    keeps the order: what shares no rows goes first, some of it found by the number of a
    call, which goes with all else of that call.
    """
    batches = 0
    for holder in _in_order(run):
        while batches < BATCHES_A_JOB and _erase_batch(run, holder, now=now):
            batches += 1
        if run.kind != RetentionRun.NIGHT and _has_due(run, holder):
            break
    return batches


def _in_order(run: RetentionRun) -> Sequence[PersonalDataHolder]:
    if run.kind == RetentionRun.NIGHT:
        return holders()
    return sorted(holders(), key=lambda holder: isinstance(holder, SharesRows))


def _has_due(run: RetentionRun, holder: PersonalDataHolder) -> bool:
    with tenancy.scope(run.organization_id):
        return holder.has_due(selection_of(run), holds=covered())


def _erase_batch(
    run: RetentionRun, holder: PersonalDataHolder, *, now: datetime
) -> bool:
    """Erase a batch in one transaction; return whether anything was due.

    A row loses all kinds that are due at once, the holder's among them: a hold that was
    placed meanwhile finds it whole or without them.
    """
    with tenancy.scope(run.organization_id):
        act_on_decision(run.organization_id)
        found = rows_of(holder).due(
            sharing(holder),
            selection_of(run),
            holds=covered(),
            limit=ROWS_A_BATCH,
        )
        for together, ids in found.items():
            _erase(run, together, ids, now=now)
    return bool(found)


def _erase(
    run: RetentionRun,
    together: Sequence[PersonalDataHolder],
    ids: Sequence[UUID],
    *,
    now: datetime,
) -> None:
    # What finds copies elsewhere goes with these rows.
    ask_for_copies(run, together, ids, now=now)
    counts = rows_of(together[0]).erase(together, ids, now=now)
    RetentionBatch.objects.bulk_create(
        RetentionBatch(
            organization_id=run.organization_id,
            run=run,
            holder=holder.name,
            ids=list(ids),
            erased_at=now,
        )
        for holder in together
    )
    columns = {f"{one.data_class}_count": counts[one.name] for one in together}
    RetentionRun.objects.filter(pk=run.id).update(
        **{column: F(column) + count for column, count in columns.items()}
    )
    for holder in together:
        facts: dict[str, audit.Fact] = {
            "kind": holder.data_class,
            "rows": len(ids),
            "erased": counts[holder.name],
        }
        _record("compliance.data.erased", run, facts)


def _look_again(run: RetentionRun, *, now: datetime) -> int:
    """Destroy what no transaction holds; return how many batches are not gone yet."""
    return sum(_settle(batches, now=now) for batches in _waiting(run))


def _waiting(run: RetentionRun) -> Iterator[list[RetentionBatch]]:
    """Yield the batches that wait for a second look, those of the same rows together.

    A storage that is down for a whole night leaves many: a few are in memory at a time.
    """
    with tenancy.scope(run.organization_id):
        waiting = RetentionBatch.objects.filter(run=run, checked_at=None)
        left = list(waiting.order_by("id").values_list("id", flat=True))
    for start in range(0, len(left), BATCHES_LOADED):
        few = left[start : start + BATCHES_LOADED]
        with tenancy.scope(run.organization_id):
            loaded = list(RetentionBatch.objects.filter(id__any=few).order_by("id"))
        for _, batches in groupby(loaded, key=_rows_in):
            yield list(batches)


def _rows_in(batch: RetentionBatch) -> tuple[Any, ...]:
    holder = holder_named(batch.holder)
    is_shared = isinstance(holder, SharesRows)
    return (id(rows_of(holder)) if is_shared else batch.id, batch.ids)


def _settle(batches: Sequence[RetentionBatch], *, now: datetime) -> int:
    """Look at batches of the same rows; return how many are not gone.

    One that holds up the others is found by looking at each alone.
    """
    if _are_gone(batches, now=now):
        return 0
    if len(batches) == 1:
        return 1
    return sum(_settle([batch], now=now) for batch in batches)


def _are_gone(batches: Sequence[RetentionBatch], *, now: datetime) -> bool:
    together = [holder_named(batch.holder) for batch in batches]
    rows, ids = rows_of(together[0]), batches[0].ids
    organization_id = batches[0].organization_id
    try:
        list_erasures(batches)
        rows.destroy(together, ids, organization_id=organization_id)
        if rows.remains(together, ids, organization_id=organization_id):
            return False
    # The sweep's per-batch guard: a storage that is down holds up its own batch alone.
    except Exception as error:  # noqa: BLE001
        logger.warning(
            "batch not gone",
            extra={"id": str(batches[0].id), "code": type(error).__name__},
        )
        return False
    with tenancy.scope(organization_id):
        looked = RetentionBatch.objects.filter(id__any=[one.id for one in batches])
        looked.update(checked_at=now, ids=[])
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
        # All that would still go is held; who decides waits for us.
        held = count_held(selection, holds)
        run.finished_at = now
        for kind, count in held.items():
            setattr(run, f"{kind}_held_count", count)
        run.save(
            update_fields=["finished_at", *(f"{kind}_held_count" for kind in held)]
        )
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
