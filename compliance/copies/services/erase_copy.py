"""Have one copy deleted where it is, and look there before saying that it is gone.

It may be killed between any two lines and run again, or run twice at once: asking a
processor twice is harmless, and what is gone stays gone.
"""

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from compliance.copies.models import CopyRun, ErasureLeg
from compliance.copies.sealed import reference_of
from compliance.copies.services.settle_run import settle_run
from compliance.keys.store import KeyGoneError
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.copies import Answer, Processor, processor_named
from sondervoice.kernel.errors import VendorError
from sondervoice.kernel.jobs import after_commit

logger = logging.getLogger(__name__)

STUCK_AFTER: Final = timedelta(hours=24)
TOLD_AGAIN_AFTER: Final = timedelta(hours=24)
FIRST_WAIT_S: Final = 30.0
LONGEST_WAIT_S: Final = 3_600.0
DAY_S: Final = 86_400.0
# Asking again changes nothing until a person has done something.
_NOT_ALLOWED: Final = frozenset(
    {"status_401", "status_403", "key_gone", "unknown_processor"}
)
State = ErasureLeg.State


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What came of one try.

    Attributes:
        problem: None once a look has found nothing.
    """

    status: str
    found: int = 0
    problem: VendorError | None = None


def erase_copy(*, organization_id: UUID, leg_id: UUID, now: datetime) -> None:
    """Try once; what is noted of it is all that is kept.

    Raises:
        VendorError: If the copy may still be there; it says when to ask again, and
            never that it would not help.
    """
    with tenancy.scope(organization_id):
        leg = ErasureLeg.objects.get(pk=leg_id)
        if leg.state == State.GONE:
            return
        reference = _reference(leg)
    outcome = _ask(leg, reference)
    with tenancy.scope(organization_id):
        leg = ErasureLeg.objects.select_for_update().get(pk=leg_id)
        if leg.state == State.GONE:
            return
        if outcome.problem is None:
            _note_gone(leg, outcome, now=now)
        else:
            _note_left(leg, outcome, now=now)
    if outcome.problem is not None:
        raise VendorError(
            leg.processor,
            category=outcome.problem.category,
            permanent=False,
            retry_after_s=_wait_s(leg, outcome.problem),
        )


def _reference(leg: ErasureLeg) -> str | None:
    try:
        return reference_of(leg)
    except KeyGoneError:
        return None


def _ask(leg: ErasureLeg, reference: str | None) -> _Outcome:
    """Ask the processor, outside any transaction."""
    if reference is None:
        return _failed(leg, "key_gone")
    try:
        processor = processor_named(leg.processor)
    except KeyError:
        return _failed(leg, "unknown_processor")
    try:
        answer = processor.erase(reference)
    except VendorError as error:
        return _Outcome(status=error.category, problem=error)
    return _looked(leg, processor, reference, answer)


def _looked(
    leg: ErasureLeg, processor: Processor, reference: str, answer: Answer
) -> _Outcome:
    """Look again; who had nothing was looked at by the very question."""
    try:
        is_gone = answer.found == 0 or processor.is_gone(reference)
    except VendorError as error:
        return _Outcome(status=error.category, found=answer.found, problem=error)
    if not is_gone:
        return _failed(leg, "still_there", found=answer.found)
    return _Outcome(status=answer.status, found=answer.found)


def _failed(leg: ErasureLeg, category: str, *, found: int = 0) -> _Outcome:
    error = VendorError(leg.processor, category=category, permanent=False)
    return _Outcome(status=category, found=found, problem=error)


def _note_gone(leg: ErasureLeg, outcome: _Outcome, *, now: datetime) -> None:
    leg.state = State.GONE
    leg.reference_sealed = b""
    leg.looked_at = now
    _note_answer(leg, outcome, now=now)
    settle_run(run_id=leg.run_id, now=now)


def _note_left(leg: ErasureLeg, outcome: _Outcome, *, now: datetime) -> None:
    is_stuck = now - leg.asked_at >= STUCK_AFTER or outcome.status in _NOT_ALLOWED
    is_new = is_stuck and leg.state == State.WAITING
    if is_new:
        leg.state, leg.escalated_at = State.ESCALATED, now
    _note_answer(leg, outcome, now=now)
    if is_new:
        _record_stuck(leg)
    if leg.state == State.ESCALATED:
        _tell(leg, now=now)
    if is_new:
        settle_run(run_id=leg.run_id, now=now)


def _note_answer(leg: ErasureLeg, outcome: _Outcome, *, now: datetime) -> None:
    leg.attempts = min(leg.attempts + 1, 32_000)
    leg.found += outcome.found
    leg.last_answer = outcome.status[:30]
    leg.answered_at = now
    leg.save()


def _record_stuck(leg: ErasureLeg) -> None:
    audit.record(
        audit.Entry(
            action="compliance.copy.stuck",
            organization_id=leg.organization_id,
            actor_kind="system",
            actor_id=None,
            subject_kind="erasure_leg",
            subject_id=leg.id,
            facts={"run_id": leg.run_id, "attempts": leg.attempts},
        )
    )


def _tell(leg: ErasureLeg, *, now: datetime) -> None:
    """Tell a person, once a run and day for all its legs, for as long as one is stuck.

    A wrong key makes thousands stick at once; nobody reads thousands of letters.
    """
    copies, _ = CopyRun.objects.get_or_create(
        organization_id=leg.organization_id, run_id=leg.run_id
    )
    is_time = Q(told_at=None) | Q(told_at__lte=now - TOLD_AGAIN_AFTER)
    if not CopyRun.objects.filter(is_time, pk=copies.pk).update(told_at=now):
        return
    logger.critical(
        "a copy elsewhere is not gone",
        extra={"id": str(leg.id), "processor": leg.processor, "code": leg.last_answer},
    )
    after_commit(
        "compliance.warn_of_stuck_copy",
        organization_id=leg.organization_id,
        ids={"run_id": leg.run_id},
    )


def _wait_s(leg: ErasureLeg, problem: VendorError) -> float:
    """Return how long to wait: as it was said, else a day or longer each time."""
    if problem.retry_after_s is not None:
        return min(DAY_S, problem.retry_after_s)
    if problem.category in _NOT_ALLOWED:
        return DAY_S
    longest_s: float = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(leg.attempts, 10))
    return longest_s * random.uniform(0.5, 1.0)  # noqa: S311 -- no secret
