"""Bring a request one checkpoint further, as far as what is seen allows.

Each checkpoint is one transaction with its effect, its step, its line of the record and
the job that goes on. Killed anywhere, the job comes again and finds where it stands.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from compliance.retention.models import RetentionRun
from compliance.retention.services.start_runs import start_run
from compliance.rights.models import RightsRequest, RightsStep
from compliance.rights.package.measure import measure_package
from compliance.rights.saga import CONCLUDED, Checkpoint, Seen, next_step
from compliance.rights.selectors.coverage import is_any_free, is_any_left
from compliance.rights.selectors.requests import get_request_for_update
from compliance.rights.services.conclude import PACKED_KINDS, conclude
from compliance.rights.services.mark_caller import place_mark
from compliance.rights.services.move import ask_to_go_on, move
from compliance.rights.settling import KIND, is_settled, legs_of, request_of, runs_of
from sondervoice.kernel import tenancy
from sondervoice.kernel.personal_data import DATA_CLASSES
from sondervoice.kernel.rights import RightsKind

Counts = Mapping[str, int]


def go_on(*, organization_id: UUID, request_id: UUID, now: datetime) -> None:
    """Take the next step, if there is one; it runs outside any scope.

    Raises:
        SealBrokenError: If a package cannot be read; it is tried again.
    """
    packed = _try_package(organization_id, request_id, now=now)
    with tenancy.scope(organization_id):
        request = get_request_for_update(request_id=request_id)
        at = Checkpoint(request.checkpoint)
        to = next_step(RightsKind(request.kind), at, _look(request, now=now))
        if to is None or (to is Checkpoint.PACKED and packed is None):
            return
        step = move(request, to, now=now, counts=packed or _counts(request, to))
        effect = _EFFECTS.get(to)
        if effect is not None:
            effect(request, step, now)
        if to in CONCLUDED:
            conclude(request, now=now)


def go_on_after_run(*, organization_id: UUID, run_id: UUID) -> None:
    """Go on with the request that asked for a run that is finished or settled."""
    with tenancy.scope(organization_id):
        request = request_of(RetentionRun.objects.get(pk=run_id))
        if request is not None:
            ask_to_go_on(organization_id, request.id)


def go_on_with_held(*, organization_id: UUID) -> None:
    """Go on with whatever a hold kept back, in the open scope."""
    held = RightsRequest.objects.filter(checkpoint=Checkpoint.HELD)
    for request_id in held.values_list("id", flat=True):
        ask_to_go_on(organization_id, request_id)


def _look(request: RightsRequest, *, now: datetime) -> Seen:
    if request.kind != RightsKind.ERASE or request.forgotten_at is not None:
        return Seen()
    runs = runs_of(request)
    return Seen(
        is_run_finished=bool(runs) and runs[-1].finished_at is not None,
        is_any_left=is_any_left(request, now=now),
        is_any_free=is_any_free(request, now=now),
        are_copies_settled=all(is_settled(run) for run in runs),
    )


def _try_package(
    organization_id: UUID, request_id: UUID, *, now: datetime
) -> Counts | None:
    """Read a package whole before it is promised; no lock is held meanwhile."""
    with tenancy.scope(organization_id):
        request = RightsRequest.objects.get(pk=request_id)
    is_wanted = request.kind in PACKED_KINDS
    if not is_wanted or request.checkpoint != Checkpoint.APPROVED:
        return None
    return measure_package(request, now=now)


def _counts(request: RightsRequest, to: Checkpoint) -> Counts:
    """Return the receipt: what the runs erased of each kind, how the copies stand."""
    if to is Checkpoint.PROVED:
        states = Counter(leg.get_state_display().lower() for leg in legs_of(request))
        return {f"copies {state}": count for state, count in states.items()}
    if to not in {Checkpoint.HELD, Checkpoint.COPIES}:
        return {}
    runs = runs_of(request)
    return {
        str(kind): sum(getattr(run, f"{kind}_count") for run in runs)
        for kind in DATA_CLASSES
    }


def _begin_run(request: RightsRequest, step: RightsStep, now: datetime) -> None:
    start_run(
        organization_id=request.organization_id,
        kind=KIND,
        cause_id=step.id,
        now=now,
    )


def _mark(request: RightsRequest, step: RightsStep, now: datetime) -> None:
    place_mark(request, now=now)


_EFFECTS: Final[
    Mapping[Checkpoint, Callable[[RightsRequest, RightsStep, datetime], None]]
] = MappingProxyType({Checkpoint.ERASING: _begin_run, Checkpoint.MARKED: _mark})
