"""Clear what a clinic's calls have left in our own books and nobody needs any more.

Carrier events and commands stay: they are part of a call, and go with it.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sondervoice.kernel import tenancy
from sondervoice.kernel.clear_jobs import clear_done_jobs
from telephony.models import StreamToken

TOKENS_KEPT_FOR: Final = timedelta(days=1)
# A clinic's day makes fewer; a transaction stays short.
AT_MOST: Final = 5_000


def clear_finished(
    *, organization_id: UUID, now: datetime, at_most: int = AT_MOST
) -> int:
    """Delete stream tokens of yesterday and jobs of last week; return how many."""
    with tenancy.scope(organization_id):
        # A burned token has expired as well: it lives for a minute.
        old = StreamToken.objects.filter(expires_at__lt=now - TOKENS_KEPT_FOR)
        few = list(old.order_by("expires_at").values_list("pk", flat=True)[:at_most])
        tokens, _ = StreamToken.objects.filter(pk__in=few).delete()
        return tokens + clear_done_jobs(now=now, at_most=at_most)
