"""Write down which copies must go, in the transaction that empties what finds them.

Next: `compliance.copies.services.erase_copy`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from compliance.copies.models import ErasureLeg
from compliance.copies.sealed import seal_reference
from compliance.retention.models import RetentionRun
from sondervoice.kernel.copies import CopyRef, HasCopies
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.jobs import job_row
from sondervoice.kernel.models import OutboxJob
from sondervoice.kernel.personal_data import PersonalDataHolder

JOB: Final = "compliance.erase_copy"


def ask_for_copies(
    run: RetentionRun,
    holders: Sequence[PersonalDataHolder],
    ids: Sequence[UUID],
    *,
    now: datetime,
) -> int:
    """Write a leg and its job for each copy of these rows; return how many.

    Each is asked for once a run, and not again once it is gone: a call's sound and its
    number have clocks of their own, and either may be first.

    Args:
        holders: Those that erase the rows together; they name the same copies.
    """
    holder = next((one for one in holders if isinstance(one, HasCopies)), None)
    if holder is None:
        return 0
    wanted = _not_yet(run, holder.copies(ids))
    legs = [_leg(run, copy, now) for copy in wanted]
    ErasureLeg.objects.bulk_create(legs)
    OutboxJob.objects.bulk_create(
        job_row(
            JOB, organization_id=run.organization_id, ids={"leg_id": leg.id}, now=now
        )
        for leg in legs
    )
    return len(legs)


def _not_yet(run: RetentionRun, copies: Sequence[CopyRef]) -> list[CopyRef]:
    if not copies:
        return []
    calls = {copy.call_id for copy in copies}
    of_calls = ErasureLeg.objects.filter(call_id__any=calls)
    done = of_calls.filter(run=run) | of_calls.filter(state=ErasureLeg.State.GONE)
    known = set(done.values_list("processor", "kind", "call_id"))
    return [
        copy
        for copy in copies
        if (copy.processor, copy.kind, copy.call_id) not in known
    ]


def _leg(run: RetentionRun, copy: CopyRef, now: datetime) -> ErasureLeg:
    leg = ErasureLeg(
        id=uuid7(),
        organization_id=run.organization_id,
        run=run,
        processor=copy.processor,
        kind=copy.kind,
        call_id=copy.call_id,
        asked_at=now,
    )
    leg.reference_sealed = seal_reference(copy.reference, leg=leg, now=now)
    return leg
