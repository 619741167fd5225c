"""Clear what a clinic's calls have left in our own books and nobody needs any more.

Carrier events and commands stay: they are part of a call, and go with it. The key of
a day goes when no event is left that it seals.
"""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q

from compliance.keys.keys import keys
from sondervoice.kernel import tenancy
from sondervoice.kernel.clear_jobs import clear_done_jobs
from telephony.models import Call, CarrierEvent, StreamToken

TOKENS_KEPT_FOR: Final = timedelta(days=1)
# A clinic's day makes fewer; a transaction stays short.
AT_MOST: Final = 5_000


def clear_finished(
    *, organization_id: UUID, now: datetime, at_most: int = AT_MOST
) -> int:
    """Delete stream tokens of yesterday and jobs of last week; return how many."""
    keys().end_days(organization_id, before=_first_day_needed(organization_id, now))
    with tenancy.scope(organization_id):
        # A burned token has expired as well: it lives for a minute.
        old = StreamToken.objects.filter(expires_at__lt=now - TOKENS_KEPT_FOR)
        few = list(old.order_by("expires_at").values_list("pk", flat=True)[:at_most])
        tokens, _ = StreamToken.objects.filter(pk__in=few).delete()
        return tokens + clear_done_jobs(now=now, at_most=at_most)


def _first_day_needed(organization_id: UUID, now: datetime) -> date:
    """Return the first day whose key still seals something; yesterday at the latest.

    A webhook may be on its way over midnight.
    """
    yesterday = now.date() - timedelta(days=1)
    with tenancy.scope(organization_id):
        # What was applied to a call is under the call's key.
        ours = Call.with_deleted.filter(carrier_call_id=OuterRef("carrier_call_id"))
        waiting = CarrierEvent.objects.filter(~Exists(ours) | Q(applied_at=None))
        oldest = waiting.aggregate(oldest=Min("received_at"))["oldest"]
    return min(oldest.date(), yesterday) if oldest else yesterday
