"""The clock of backups, and its jobs."""

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from celery import shared_task
from django.conf import settings

from accounts.letters import send_letter
from compliance.backups.erasure_list import erasure_list
from compliance.backups.errors import BackupRefusedError, ProgramFailedError
from compliance.backups.services.end_backups import end_backups, end_list
from compliance.backups.services.end_drills import end_drills
from compliance.backups.services.make_backup import make_backup
from compliance.backups.services.run_drill import run_drill
from compliance.backups.services.tally_erasures import try_to_tally
from compliance.backups.services.watch_backups import (
    note_refusal,
    warn_of_backups,
    warn_of_ownerless,
    watch_backups,
)
from compliance.backups.shelf import Shelf
from compliance.ledger.signer import signer
from compliance.retention.jobs import HOUR
from compliance.retention.services.watch_runs import LATE_AFTER, count_late
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import job
from sondervoice.kernel.purposes import Purpose, Sending, Subject
from sondervoice.kernel.slots import claim_slot, finish_slot, latest_slot

_TO_US: Final = Sending(to=("mail",), of=Subject.OPERATORS, purpose=Purpose.SECURITY)

logger = logging.getLogger(__name__)

_JOB: Final = "compliance.backup"
# Of who died; a backup that takes longer is not made twice, for it holds a lock.
_LEASE: Final = timedelta(hours=1)
_DRILL: Final = "compliance.drill"
# On the first of the month, in UTC, after that day's backup.
_DRILL_HOUR: Final = 5
_DRILL_LEASE: Final = timedelta(hours=12)


@shared_task(name=_JOB, ignore_result=True)
def backup() -> None:
    """Make the day's backup once the night's erasure is finished, whoever comes first.

    The clock asks every ten minutes: who died is stood in for. Old ones go first,
    whatever comes of the new one.
    """
    now = utc_now()
    try_to_tally(signer=signer(), now=now)
    shelf = Shelf(Path(settings.BACKUP_DIR)) if settings.BACKUP_DIR else None
    if shelf:
        end_backups(shelf=shelf, keep_days=settings.BACKUP_KEEP_DAYS, now=now)
    end_list(erasure_list(), shelf=shelf, now=now)
    if not (settings.BACKUP_DIR and settings.DATABASE_OWNER_URL):
        return
    due_at = latest_slot(now, hour=HOUR)
    late = count_late(due_at=due_at)
    if not late:
        _make(due_at, now)
    elif now - due_at >= LATE_AFTER:
        note_refusal(clinics=late, now=now)
    watch_backups(now=now)


@job("compliance.warn_of_backups", sends=_TO_US)
def warn(*, organization_id: UUID | None) -> None:
    """Tell SECURITY_MAIL that there is no new backup."""
    warn_of_backups(now=utc_now())


@job("compliance.warn_of_ownerless", gives_up=False, sends=_TO_US)
def warn_ownerless(*, organization_id: UUID | None) -> None:
    """Tell SECURITY_MAIL of clinics that a restore left without an owner."""
    warn_of_ownerless()


@shared_task(name=_DRILL, ignore_result=True)
def drill() -> None:
    """Try the newest backup once a month, whoever comes first.

    What a drill left that was killed goes each hour, first of all, also when there are
    no more drills: it holds a copy of the keys.
    """
    end_drills()
    now = utc_now()
    slot = now.replace(day=1, hour=_DRILL_HOUR, minute=0, second=0, microsecond=0)
    is_set_up = settings.BACKUP_DIR and settings.DATABASE_OWNER_URL
    if not (is_set_up and settings.BACKUP_DRILLS) or slot > now:
        return
    shelf = Shelf(Path(settings.BACKUP_DIR))
    if shelf.newest() is None:
        return
    if claim_slot(_DRILL, slot, now=now, lease=_DRILL_LEASE):
        run_drill(shelf=shelf, verifier=signer().verifier, now=now)
        finish_slot(_DRILL, slot, now=utc_now())


@job("compliance.warn_of_drill", gives_up=False, sends=_TO_US)
def warn_of_drill(*, organization_id: UUID | None) -> None:
    """Tell SECURITY_MAIL that the newest backup could not be brought back."""
    if settings.SECURITY_MAIL:
        send_letter("drill_failed", to=settings.SECURITY_MAIL)


def _make(due_at: datetime, now: datetime) -> None:
    if not claim_slot(_JOB, due_at, now=now, lease=_LEASE):
        return
    try:
        make_backup(shelf=Shelf(Path(settings.BACKUP_DIR)), signer=signer(), now=now)
    except (BackupRefusedError, ProgramFailedError, OSError) as error:
        logger.critical("no backup was made", extra={"code": type(error).__name__})
        return
    finish_slot(_JOB, due_at, now=utc_now())
