"""What the clock does with keys: once a day it rotates what is due."""

from datetime import timedelta
from typing import Final

from celery import shared_task

from compliance.keys.keys import key_store, key_wrapping
from compliance.keys.services.rotate_keys import rotate_keys
from compliance.keys.store import RotationRunsError
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.slots import claim_slot, finish_slot, latest_slot

_JOB: Final = "compliance.rotate_keys"
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
