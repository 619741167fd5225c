"""Raise an alarm when a clinic's purge is not finished half an hour after its time."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from accounts.letters import send_letter
from accounts.models import Organization
from accounts.way_in import organization_ids
from compliance.retention.models import RetentionRun
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.jobs import after_commit
from sondervoice.kernel.slots import claim_slot, finish_slot

logger = logging.getLogger(__name__)

LATE_AFTER: Final = timedelta(minutes=30)
_JOB: Final = "compliance.purge_alarm"
_LEASE: Final = timedelta(minutes=10)


@transaction.atomic
def watch_runs(*, due_at: datetime, now: datetime) -> None:
    """Record once a night how many clinics' runs are late, and ask for a letter."""
    if now - due_at < LATE_AFTER:
        return
    late = count_late(due_at=due_at)
    if not late or not claim_slot(_JOB, due_at, now=now, lease=_LEASE):
        return
    logger.critical("purge is late", extra={"clinics": late})
    audit.record(
        audit.Entry(
            action="compliance.purge.missed",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="retention_run",
            subject_id=None,
            facts={"clinics": late},
        )
    )
    after_commit("compliance.warn_of_missed_purge", organization_id=None, ids={})
    finish_slot(_JOB, due_at, now=now)


def count_late(*, due_at: datetime) -> int:
    """Return how many clinics that were there have no finished run of that time."""
    late = 0
    for organization_id in organization_ids():
        with tenancy.scope(organization_id):
            was_there = Organization.objects.filter(
                pk=organization_id, created_at__lt=due_at
            )
            done = RetentionRun.objects.filter(
                kind=RetentionRun.NIGHT, due_at=due_at, finished_at__isnull=False
            )
            late += was_there.exists() and not done.exists()
    return late


def warn_of_missed_purge(*, due_at: datetime) -> None:
    """Send the letter to SECURITY_MAIL, if there is one.

    Raises:
        VendorError: If the mail server did not take it.
    """
    if settings.SECURITY_MAIL:
        send_letter(
            "purge_late",
            to=settings.SECURITY_MAIL,
            due_at=due_at,
            clinics=count_late(due_at=due_at),
        )
