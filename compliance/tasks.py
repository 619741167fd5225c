"""The clock's tasks of compliance."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.db import connection
from kombu.exceptions import OperationalError as BrokerError

logger = logging.getLogger(__name__)

MONTHS_AHEAD = 3


@shared_task(name="compliance.make_audit_partitions", ignore_result=True)
def make_audit_partitions() -> None:
    """Have the owner role make the record's next three months, where missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT make_audit_partitions(%s)", [MONTHS_AHEAD])


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
