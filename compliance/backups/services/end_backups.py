"""End backups whose days are over, whether or not a new one can be made."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from compliance.backups.erasure_list import KEPT, MARGIN, ErasureList
from compliance.backups.errors import BackupRefusedError
from compliance.backups.shelf import Shelf
from sondervoice.kernel import audit

logger = logging.getLogger(__name__)

# How soon the clock looks again, at the latest: a backup goes before it is too old.
LOOKS_EVERY: Final = timedelta(hours=1)


def end_backups(*, shelf: Shelf, keep_days: int, now: datetime) -> None:
    """Delete backups that would be older than `keep_days` before the next look.

    While somebody writes one nothing is done: the next look comes in ten minutes. What
    cannot be deleted is a critical line of the log and holds up nothing else.
    """
    if not shelf.directory.is_dir():
        return
    try:
        with shelf.alone():
            deleted = shelf.delete_older(keep_days=keep_days, now=now + LOOKS_EVERY)
    except BackupRefusedError:
        return
    except OSError as error:
        logger.critical("old backups stay", extra={"code": type(error).__name__})
        return
    if deleted:
        _record(deleted)


def end_list(listed: ErasureList, *, shelf: Shelf | None, now: datetime) -> None:
    """Delete the days of the list that no backup needs any more.

    A backup that is older than it should be keeps the days since it was made.

    Args:
        shelf: None where others make the backups; none of those is kept so long.
    """
    before = now - KEPT
    if shelf is not None and (backups := shelf.backups()):
        before = min(before, backups[-1].made_at - MARGIN)
    listed.drop_before(before)


@transaction.atomic
def _record(deleted: int) -> None:
    audit.record(
        audit.Entry(
            action="compliance.backup.ended",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="backup",
            subject_id=None,
            facts={"count": deleted},
        )
    )
