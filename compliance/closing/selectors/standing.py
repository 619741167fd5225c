"""Whether the account of the open clinic is being closed, and how far that is."""

from datetime import datetime
from uuid import UUID

from compliance.closing.models import Closing
from compliance.retention.models import RetentionRun


def find_standing() -> Closing | None:
    """Return the closing of the open clinic, if one stands."""
    return Closing.objects.filter(undone_at=None).first()


def is_standing() -> bool:
    """Return whether a closing of the open clinic stands, begun or done."""
    return find_standing() is not None


def takes_calls(*, now: datetime) -> bool:
    """Return whether the open clinic's calls may be answered."""
    return not Closing.objects.filter(undone_at=None, calls_stop_at__lte=now).exists()


def find_by_run(run_id: UUID) -> UUID | None:
    """Return the closing whose run this is, if it is one's."""
    causes = RetentionRun.objects.filter(pk=run_id, cause_id__isnull=False)
    found = Closing.objects.filter(run_cause_id__in=causes.values("cause_id"))
    return found.values_list("id", flat=True).first()
