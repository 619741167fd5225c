"""Raise an alarm when there is no new backup, or none may be made."""

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from accounts.letters import send_letter
from compliance.backups.ownerless import find_ownerless
from compliance.backups.shelf import Shelf
from compliance.retention.jobs import HOUR
from sondervoice.kernel import audit
from sondervoice.kernel.jobs import after_commit
from sondervoice.kernel.slots import claim_slot, finish_slot, latest_slot

logger = logging.getLogger(__name__)

# A day, and the time that a backup takes.
OLDEST: Final = timedelta(hours=26)
_LEASE: Final = timedelta(minutes=10)


@transaction.atomic
def note_refusal(*, clinics: int, now: datetime) -> None:
    """Record, once a day, that no backup is made before the erasure is finished."""
    if not _is_first("compliance.backup_refused", now):
        return
    logger.critical("no backup before the erasure is finished", extra={"of": clinics})
    _record("compliance.backup.refused", {"clinics": clinics})


@transaction.atomic
def watch_backups(*, now: datetime) -> None:
    """Record, once a day, that the newest backup is older than 26 hours."""
    newest = Shelf(Path(settings.BACKUP_DIR)).newest()
    if newest is not None and now - newest.made_at <= OLDEST:
        return
    if not _is_first("compliance.backup_missed", now):
        return
    hours = int((now - newest.made_at).total_seconds() // 3600) if newest else 0
    logger.critical("the newest backup is too old", extra={"hours": hours})
    _record("compliance.backup.missed", {"has_any": newest is not None, "hours": hours})


def warn_of_backups(*, now: datetime) -> None:
    """Send the letter to SECURITY_MAIL, if there is one.

    Raises:
        VendorError: If the mail server did not take it.
    """
    if settings.SECURITY_MAIL:
        newest = Shelf(Path(settings.BACKUP_DIR)).newest()
        send_letter(
            "backup_late",
            to=settings.SECURITY_MAIL,
            newest_at=newest.made_at if newest else None,
            now=now,
        )


def warn_of_ownerless() -> None:
    """Tell SECURITY_MAIL, if there is one, and the log of clinics without an owner.

    Raises:
        VendorError: If the mail server did not take it.
    """
    clinics = find_ownerless()
    if not clinics:
        return
    logger.critical("clinics without an owner", extra={"count": len(clinics)})
    if settings.SECURITY_MAIL:
        send_letter("clinic_ownerless", to=settings.SECURITY_MAIL, clinics=clinics)


def _is_first(job: str, now: datetime) -> bool:
    day = latest_slot(now, hour=HOUR)
    if not claim_slot(job, day, now=now, lease=_LEASE):
        return False
    finish_slot(job, day, now=now)
    return True


def _record(action: str, facts: dict[str, audit.Fact]) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="backup",
            subject_id=None,
            facts=facts,
        )
    )
    after_commit("compliance.warn_of_backups", organization_id=None, ids={})
