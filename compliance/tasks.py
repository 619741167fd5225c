"""The clock's tasks of compliance."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.db import connection, transaction
from kombu.exceptions import OperationalError as BrokerError

from compliance.alerts import jobs as alert_jobs  # noqa: F401 -- registers them
from compliance.alerts.services import watch_record as watching
from compliance.closing import jobs as closing_jobs  # noqa: F401 -- likewise
from compliance.keys import jobs as key_jobs  # noqa: F401 -- registers them
from compliance.ledger import jobs  # noqa: F401 -- registers them
from compliance.ledger.anchors import AnchorTakenError, anchor_store
from compliance.ledger.sealer import (
    as_sealer,
    is_configured,
    oldest_unanchored,
    oldest_unsealed,
)
from compliance.ledger.services import anchor_checkpoints as anchoring
from compliance.ledger.services import drop_old_months as dropping
from compliance.ledger.services import keep_verification as keeping
from compliance.ledger.services import seal_rows as sealing
from compliance.ledger.services import verify_here as verifying
from compliance.ledger.signer import signer
from compliance.ledger.tables import LONGEST_UNANCHORED
from compliance.purposes import jobs as purpose_jobs  # noqa: F401 -- likewise
from compliance.retention import jobs as retention_jobs  # noqa: F401 -- likewise
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.slots import claim_slot, finish_slot, latest_slot

logger = logging.getLogger(__name__)

MONTHS_AHEAD = 3
_LONGEST_WAIT = timedelta(minutes=1)
_VERIFY: Final = "compliance.verify_record"
# Daily, in UTC, after the night's erasure.
_VERIFY_HOUR: Final = 4
# Of who died; a look that takes longer is made twice, and the first is kept.
_VERIFY_LEASE: Final = timedelta(hours=1)


@shared_task(name="compliance.make_audit_partitions", ignore_result=True)
def make_audit_partitions() -> None:
    """Have the owner role make the record's next three months, where missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT make_audit_partitions(%s)", [MONTHS_AHEAD])


@shared_task(name="compliance.seal_ledger", ignore_result=True)
def seal_ledger() -> None:
    """Seal what was written since the last time, all of it."""
    if not is_configured():
        return
    try:
        while sealing.seal_rows(signer=signer(), now=utc_now()) >= sealing.ROWS_AT_ONCE:
            pass
    finally:
        # A transaction that does not end holds the horizon, or nobody could seal.
        if _is_late(oldest_unsealed, _LONGEST_WAIT):
            logger.critical("rows of the record wait unsealed for more than a minute")


@shared_task(name="compliance.anchor_ledger", ignore_result=True)
def anchor_ledger() -> None:
    """Take the newest checkpoints out of the database."""
    if not is_configured():
        return
    try:
        anchoring.anchor_checkpoints(store=anchor_store(), now=utc_now())
    except AnchorTakenError:
        logger.critical("an anchor stands that this database does not agree with")
    finally:
        if _is_late(oldest_unanchored, LONGEST_UNANCHORED):
            logger.critical("sealed rows are in no anchor for more than 15 minutes")


def _is_late(oldest: Callable[[Any], datetime | None], longest: timedelta) -> bool:
    with as_sealer() as cursor:
        waits = oldest(cursor)
    return waits is not None and utc_now() - waits > longest


@shared_task(name=_VERIFY, ignore_result=True)
def verify_record() -> None:
    """Look at the whole record once a day, whoever comes first.

    The clock asks every ten minutes: who died, or could not look, is stood in for.
    """
    now = utc_now()
    due_at = latest_slot(now, hour=_VERIFY_HOUR)
    if not is_configured() or not claim_slot(
        _VERIFY, due_at, now=now, lease=_VERIFY_LEASE
    ):
        return
    # After a worker stood still all would seem to wait. Where one of them fails its own
    # task says so, and the look is made all the same.
    for catch_up in (seal_ledger, anchor_ledger):
        with suppress(Exception):
            catch_up()
    try:
        verdict, _ = verifying.verify_here(now=now)
    except Exception as error:
        code = type(error).__name__
        logger.critical("the record could not be verified", extra={"code": code})
        raise
    ended_at = utc_now()
    with transaction.atomic():
        keeping.keep_verification(
            verdict, due_at=due_at, began_at=now, ended_at=ended_at
        )
        finish_slot(_VERIFY, due_at, now=ended_at)


@shared_task(name="compliance.drop_old_months", ignore_result=True)
def drop_old_months() -> None:
    """Let months of the record go whose time is over."""
    if is_configured():
        dropping.drop_old_months(keep_days=settings.RECORD_KEEP_DAYS, now=utc_now())


@shared_task(name="compliance.watch_record", ignore_result=True)
def watch_record() -> None:
    """Tell clinics what their records show since the last time."""
    watching.watch_record(now=utc_now())


@worker_ready.connect
def make_partitions_now(**_: Any) -> None:
    """Make them as each worker starts.

    The clock counts from its own start: restarted often enough, it never comes to an
    hour. A month without its partition would refuse every change.
    """
    try:
        make_audit_partitions.delay()
    except BrokerError:
        logger.warning("partitions not asked for")
