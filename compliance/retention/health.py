"""Whether the night's erasure was in time, for whoever watches from outside.

The worker's own alarm is silent when worker or beat are dead; web answers all the same.
"""

from datetime import datetime
from functools import lru_cache

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse

from accounts.access import public
from compliance.retention.jobs import HOUR
from compliance.retention.services.watch_runs import LATE_AFTER, count_late
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.slots import latest_slot


@public("read only, says no more than whether the night's erasure is late")
def nightz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when every clinic's last night is finished, else 503."""
    minute = utc_now().replace(second=0, microsecond=0)
    try:
        is_in_time = _is_in_time(minute)
    except DatabaseError:
        is_in_time = False
    words, status = ("in time\n", 200) if is_in_time else ("late\n", 503)
    return HttpResponse(words, status=status, content_type="text/plain")


# It asks for each clinic, and strangers may ask it: one look a minute for all of them.
@lru_cache(maxsize=1)
def _is_in_time(now: datetime) -> bool:
    """Until the half hour is over, the night before is the one that is asked for."""
    return not count_late(due_at=latest_slot(now - LATE_AFTER, hour=HOUR))
