"""What the clock does with keys: once a day it rotates what is due, and copies."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Final

from celery import shared_task
from django.conf import settings

from compliance.keys.keys import key_store, key_wrapping
from compliance.keys.services.copy_key_store import (
    CopyPlaceError,
    copy_key_store,
    end_copies,
)
from compliance.keys.services.rotate_keys import rotate_keys
from compliance.keys.store import RotationRunsError
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.slots import claim_slot, finish_slot, latest_slot

logger = logging.getLogger(__name__)

_JOB: Final = "compliance.rotate_keys"
_COPY: Final = "compliance.copy_keys"
# How often the clock asks: a copy ends before it would be too old at the next look.
_LOOKS_EVERY: Final = timedelta(hours=1)
_LEASE: Final = timedelta(minutes=50)
_HOUR: Final = 2


@shared_task(name=_JOB, ignore_result=True)
def rotate_keys_daily() -> None:
    """Wrap by a new root key every 90 days, and go on with what a dead run left.

    Looked at once a day from 02:00 UTC on; a slot whose run failed is claimed again by
    the next tick.
    """
    now = utc_now()
    slot = latest_slot(now, hour=_HOUR)
    if not claim_slot(_JOB, slot, now=now, lease=_LEASE):
        return
    try:
        rotate_keys(wrapping=key_wrapping(), store=key_store(), now=now, is_asked=False)
    except RotationRunsError:
        return
    finish_slot(_JOB, slot, now=utc_now())


@shared_task(name=_COPY, ignore_result=True)
def copy_keys_daily() -> None:
    """Copy the key store once a day into KEY_COPIES_DIR; end old copies each hour.

    What is old goes first, whatever comes of the new one.
    """
    if not settings.KEY_COPIES_DIR:
        return
    now, target = utc_now(), Path(settings.KEY_COPIES_DIR)
    try:
        end_copies(target, now=now + _LOOKS_EVERY)
    except OSError as error:
        logger.critical(
            "old copies of the key store stay", extra={"code": type(error).__name__}
        )
    slot = latest_slot(now, hour=_HOUR)
    if not claim_slot(_COPY, slot, now=now, lease=_LEASE):
        return
    try:
        copy_key_store(key_store(), target, now=now)
    except (CopyPlaceError, OSError) as error:
        logger.critical(
            "the key store was not copied", extra={"code": type(error).__name__}
        )
        return
    finish_slot(_COPY, slot, now=utc_now())
