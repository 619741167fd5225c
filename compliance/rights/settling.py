"""Whether the processors have answered for what a request's runs erased."""

from compliance.copies.models import ErasureLeg
from compliance.copies.selectors import are_settled
from compliance.retention.models import RetentionRun
from compliance.rights.models import RightsRequest, RightsStep
from compliance.rights.saga import Checkpoint

KIND = "request"


def runs_of(request: RightsRequest) -> list[RetentionRun]:
    """Return the request's runs, the newest last: one a step of erasing."""
    steps = RightsStep.objects.filter(request=request, checkpoint=Checkpoint.ERASING)
    causes = steps.values("id")
    runs = RetentionRun.objects.filter(kind=KIND, cause_id__in=causes)
    return list(runs.order_by("due_at", "id"))


def request_of(run: RetentionRun) -> RightsRequest | None:
    """Return the request whose step asked for the run, None if it was no request."""
    if run.kind != KIND or run.cause_id is None:
        return None
    steps = RightsStep.objects.select_related("request")
    return steps.get(pk=run.cause_id).request


def is_settled(run: RetentionRun) -> bool:
    """Return whether each copy of what the run erased is gone, or a person told."""
    return are_settled(run.id)


def has_open_leg(request: RightsRequest) -> bool:
    """Return whether a processor may still have a copy, though it was asked for."""
    legs = ErasureLeg.objects.filter(run__in=runs_of(request))
    return legs.exclude(state=ErasureLeg.State.GONE).exists()


def legs_of(request: RightsRequest) -> list[ErasureLeg]:
    """Return what was asked of processors for a request, in the order it was asked."""
    legs = ErasureLeg.objects.filter(run__in=runs_of(request))
    return list(legs.order_by("asked_at", "id"))
