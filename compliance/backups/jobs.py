"""The clock of backups, and its jobs."""

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from celery import shared_task
from django.conf import settings

from compliance.backups.erasure_list import KEPT, erasure_list
from compliance.backups.errors import BackupRefusedError, ProgramFailedError
from compliance.backups.services.make_backup import make_backup
from compliance.backups.services.watch_backups import (
    note_refusal,
    warn_of_backups,
    watch_backups,
)
from compliance.backups.shelf import Shelf
from compliance.ledger.signer import signer
from compliance.retention.jobs import HOUR
from compliance.retention.services.watch_runs import LATE_AFTER, count_late
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import job
from sondervoice.kernel.slots import claim_slot, finish_slot, latest_slot

logger = logging.getLogger(__name__)

_JOB: Final = "compliance.backup"
# Of who died; a backup that takes longer is not made twice, for it holds a lock.
_LEASE: Final = timedelta(hours=1)


@shared_task(name=_JOB, ignore_result=True)
def backup() -> None:
    """Make the day's backup once the night's erasure is finished, whoever comes first.

    The clock asks every ten minutes: who died is stood in for.
    """
    now = utc_now()
    erasure_list().drop_before(now - KEPT)
    if not (settings.BACKUP_DIR and settings.DATABASE_OWNER_URL):
        return
    due_at = latest_slot(now, hour=HOUR)
    late = count_late(due_at=due_at)
    if not late:
        _make(due_at, now)
    elif now - due_at >= LATE_AFTER:
        note_refusal(clinics=late, now=now)
    watch_backups(now=now)


@job("compliance.warn_of_backups")
def warn(*, organization_id: UUID | None) -> None:
    """Tell SECURITY_MAIL that there is no new backup."""
    warn_of_backups(now=utc_now())


def _make(due_at: datetime, now: datetime) -> None:
    if not claim_slot(_JOB, due_at, now=now, lease=_LEASE):
        return
    try:
        make_backup(shelf=Shelf(Path(settings.BACKUP_DIR)), signer=signer(), now=now)
    except (BackupRefusedError, ProgramFailedError, OSError) as error:
        logger.critical("no backup was made", extra={"code": type(error).__name__})
        return
    finish_slot(_JOB, due_at, now=utc_now())
