"""The clock's tasks of compliance."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.db import connection
from kombu.exceptions import OperationalError as BrokerError

from compliance.ledger import jobs  # noqa: F401 -- registers them
from compliance.ledger.anchors import AnchorTakenError, anchor_store
from compliance.ledger.sealer import is_configured
from compliance.ledger.services import anchor_checkpoints as anchoring
from compliance.ledger.services import seal_rows as sealing
from compliance.ledger.signer import signer
from compliance.retention import jobs as retention_jobs  # noqa: F401 -- likewise
from sondervoice.kernel.clock import utc_now

logger = logging.getLogger(__name__)

MONTHS_AHEAD = 3


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
    while sealing.seal_rows(signer=signer(), now=utc_now()) >= sealing.ROWS_AT_ONCE:
        pass


@shared_task(name="compliance.anchor_ledger", ignore_result=True)
def anchor_ledger() -> None:
    """Take the newest checkpoints out of the database."""
    if not is_configured():
        return
    try:
        anchoring.anchor_checkpoints(store=anchor_store(), now=utc_now())
    except AnchorTakenError:
        logger.critical("an anchor stands that this database does not agree with")


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
