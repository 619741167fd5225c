"""Raise an alarm when clinics cannot be asked for more than a day."""

import logging
from datetime import datetime, timedelta
from typing import Final

from compliance.asking import record
from compliance.asking.models import Asking
from compliance.asking.way_in import asking_desk
from sondervoice.kernel.jobs import after_commit
from sondervoice.kernel.slots import claim_slot, finish_slot, latest_slot

logger = logging.getLogger(__name__)

STUCK_AFTER: Final = timedelta(hours=24)
_JOB: Final = "compliance.askings_alarm"
_LEASE: Final = timedelta(minutes=10)


def watch_askings(*, now: datetime) -> int:
    """Say once a day how many proven askings wait for a clinic; return how many."""
    since = now - STUCK_AFTER
    with asking_desk():
        stuck = (
            Asking.objects.filter(settled_at=None, asked_at__lte=since)
            .exclude(email_proven_at=None, phone_proven_at=None)
            .count()
        )
        day = latest_slot(now, hour=0)
        if stuck and claim_slot(_JOB, day, now=now, lease=_LEASE):
            logger.critical("askings wait for a clinic", extra={"askings": stuck})
            record.stuck(stuck)
            after_commit("compliance.warn_of_askings", organization_id=None, ids={})
            finish_slot(_JOB, day, now=now)
        return stuck
