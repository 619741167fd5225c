"""The clock of the statistics, and its jobs."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from celery import shared_task
from django.db import transaction

from accounts.way_in import organization_ids
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import after_commit, job
from sondervoice.kernel.slots import claim_slot, finish_slot, latest_slot
from telephony.statistics.services import count_weeks as counting

_TASK: Final = "telephony.count_statistics"
_JOB: Final = "telephony.count_weeks"
_LEASE: Final = timedelta(minutes=5)
# UTC; before the purge, though what it leaves of a call would still be counted.
HOUR: Final = 2


@shared_task(name=_TASK, ignore_result=True)
def count_statistics() -> None:
    """Have every clinic's weeks counted once a night, whoever comes first."""
    now = utc_now()
    due_at = latest_slot(now, hour=HOUR)
    if claim_slot(_TASK, due_at, now=now, lease=_LEASE):
        with transaction.atomic():
            for organization_id in organization_ids():
                with tenancy.scope(organization_id):
                    after_commit(_JOB, organization_id=organization_id, ids={})
            finish_slot(_TASK, due_at, now=now)


@job("telephony.count_weeks")
def count_weeks(*, organization_id: UUID) -> None:
    """Publish the weeks of one clinic that are full."""
    counting.count_weeks(organization_id=organization_id, now=utc_now())
