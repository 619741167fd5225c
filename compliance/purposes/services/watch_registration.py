"""Raise an alarm while the registration runs out within 30 days, or has run out."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from accounts.letters import send_letter
from compliance.purposes.contact import days_left
from sondervoice.kernel import audit
from sondervoice.kernel.jobs import after_commit
from sondervoice.kernel.slots import claim_slot, finish_slot, latest_slot

logger = logging.getLogger(__name__)

# UTC; the clock asks each hour, and it is done once a day.
HOUR: Final = 12
_JOB: Final = "compliance.watch_registration"
_LEASE: Final = timedelta(minutes=10)


@transaction.atomic
def watch_registration(*, now: datetime) -> None:
    """Record once a day that the registration runs out, and ask for a letter."""
    left = days_left(today=now.date())
    due_at = latest_slot(now, hour=HOUR)
    if left is None or not claim_slot(_JOB, due_at, now=now, lease=_LEASE):
        return
    logger.critical("the ICO registration runs out", extra={"days": left})
    audit.record(
        audit.Entry(
            action="compliance.registration.aged",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="registration",
            subject_id=None,
            facts={"days_left": left},
        )
    )
    after_commit("compliance.warn_of_registration", organization_id=None, ids={})
    finish_slot(_JOB, due_at, now=now)


def warn_of_registration(*, now: datetime) -> None:
    """Send the letter to DPO_MAIL, else to SECURITY_MAIL, or say that nobody is told.

    Raises:
        VendorError: If the mail server did not take it.
    """
    left = days_left(today=now.date())
    if left is None:
        return
    to = settings.DPO_MAIL or settings.SECURITY_MAIL
    if not to:
        logger.critical(
            "nobody is told of the registration: set DPO_MAIL or SECURITY_MAIL"
        )
        return
    send_letter(
        "registration_ends",
        to=to,
        expires_on=settings.ICO_EXPIRES_ON,
        is_over=left < 0,
    )
