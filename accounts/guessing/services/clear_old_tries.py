"""Clear counters that tell nothing any more."""

from datetime import datetime
from typing import Final

from accounts.guessing.limits import LONGEST
from accounts.guessing.models import TryCounter

AT_MOST: Final = 10_000


def clear_old_tries(*, now: datetime) -> int:
    """Delete counters that nobody has touched for a day; return how many."""
    old = TryCounter.objects.filter(touched_at__lt=now - LONGEST)
    few = list(old.order_by("touched_at").values_list("pk", flat=True)[:AT_MOST])
    # Asked again: one that was touched meanwhile stays.
    deleted, _ = old.filter(pk__in=few).delete()
    return deleted
