"""Clear the outbox of what was done long ago; what failed stays, to be looked at."""

from datetime import datetime, timedelta
from typing import Final

from sondervoice.kernel.models import OutboxJob

KEPT_FOR: Final = timedelta(days=7)


def clear_done_jobs(*, now: datetime, at_most: int) -> int:
    """Delete jobs done more than seven days ago, as far as the open scope shows them.

    Returns:
        How many were deleted.
    """
    done = OutboxJob.objects.filter(done_at__lt=now - KEPT_FOR)
    few = list(done.order_by("done_at").values_list("pk", flat=True)[:at_most])
    deleted, _ = OutboxJob.objects.filter(pk__in=few).delete()
    return deleted
