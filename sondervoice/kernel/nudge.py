"""Wakes a worker the moment a job is committed, from whichever process.

A trigger on the outbox notifies, a thread of each worker listens. A job that is to run
later, or again, sends no notice when its time has come: for those the thread nudges by
itself each second. A lost connection is made good by the sweep every ten seconds.
"""

import logging
import threading
from typing import Any, Final

import psycopg
from celery.signals import worker_ready
from django.db import connection
from kombu.exceptions import OperationalError as BrokerError

from sondervoice.kernel.tasks import run_waiting_jobs

logger = logging.getLogger(__name__)

AGAIN_S: Final = 2.0
# A caller may be waiting for a job that was put off: one claim a second costs nothing.
LOOK_S: Final = 1.0


@worker_ready.connect
def listen_in_background(**_: Any) -> None:
    """Start to listen once the worker can work."""
    threading.Thread(target=_listen, name="outbox", daemon=True).start()


def _listen() -> None:
    pause = threading.Event()
    while True:
        try:
            _nudge_on_notice()
        except (psycopg.Error, BrokerError, OSError):
            logger.warning("listening again soon")
            pause.wait(AGAIN_S)


def _nudge_on_notice() -> None:
    wanted = ("host", "port", "dbname", "user", "password", "sslmode")
    parameters = connection.get_connection_params()
    known = {name: parameters[name] for name in wanted if name in parameters}
    with psycopg.connect(**known, autocommit=True) as listening:
        listening.execute("LISTEN outbox")
        while True:
            run_waiting_jobs.delay()
            for _ in listening.notifies(timeout=LOOK_S):
                run_waiting_jobs.delay()
