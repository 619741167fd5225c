"""The clock of requests: reminders, the day itself, stuck steps, forgetting.

We are the clinic's processor: when it is silent its people are reminded and ours are
told, and nobody decides in its place.

Source:
    Regulation (EU) 2016/679, articles 12(3) and 28(3)(e).
"""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import Organization
from accounts.permissions import Permission
from accounts.selectors.holders import list_holder_ids
from compliance.rights import record
from compliance.rights.due_dates import OVER, reminder_due
from compliance.rights.models import RightsRequest
from compliance.rights.saga import LEGS, Checkpoint
from compliance.rights.services.conclude import forget
from compliance.rights.services.forget_answers import forget_answers
from compliance.rights.services.go_on import go_on_with_held
from compliance.rights.services.move import ask_to_go_on
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import after_commit

logger = logging.getLogger(__name__)

STUCK_AFTER: Final = timedelta(hours=24)


def watch_requests(*, organization_id: UUID, now: datetime) -> None:
    """Do what the clock asks of one clinic's requests; twice is harmless."""
    with tenancy.scope(organization_id):
        clinic = Organization.objects.get(pk=organization_id)
        today = now.astimezone(ZoneInfo(clinic.timezone)).date()
        locked = RightsRequest.objects.select_for_update(no_key=True)
        for request in locked.filter(checkpoint=Checkpoint.RECEIVED).order_by("id"):
            days = reminder_due(
                today=today, due=request.due_on, reminded=request.reminded_days
            )
            if days is not None:
                _remind(request, days)
        late = now - STUCK_AFTER
        legs = locked.filter(checkpoint__in=LEGS, concluded_at=None)
        is_time = Q(stuck_at=None) | Q(stuck_at__lte=late)
        for request in legs.filter(is_time, moved_at__lte=late):
            _tell_stuck(request, now=now)
        for request in locked.filter(package_until__lte=now, forgotten_at=None):
            forget(request, now=now)
        forget_answers(now=now)
        go_on_with_held(organization_id=organization_id)


def _remind(request: RightsRequest, days: int) -> None:
    request.reminded_days = days
    request.save(update_fields=["reminded_days"])
    if days == OVER:
        record.escalated(request)
        _tell_officer(request)
    else:
        record.reminded(request, days)
    for user_id in list_holder_ids(Permission.RIGHTS_MANAGE):
        after_commit(
            "compliance.rights_remind",
            organization_id=request.organization_id,
            ids={"request_id": request.id, "user_id": user_id},
        )


def _tell_stuck(request: RightsRequest, *, now: datetime) -> None:
    request.stuck_at = now
    request.save(update_fields=["stuck_at"])
    logger.critical(
        "a request is stuck",
        extra={"id": str(request.id), "code": request.checkpoint},
    )
    record.stuck(request)
    _tell_officer(request)
    ask_to_go_on(request.organization_id, request.id)


def _tell_officer(request: RightsRequest) -> None:
    after_commit(
        "compliance.rights_tell_officer",
        organization_id=request.organization_id,
        ids={"request_id": request.id},
    )
