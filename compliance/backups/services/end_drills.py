"""End what drills left that were killed, whether or not there is another drill."""

import logging

import psycopg

from compliance.backups.errors import BackupRefusedError, DrillRunsError
from compliance.backups.scratch import clear_left

logger = logging.getLogger(__name__)


def end_drills() -> None:
    """Take away keys, recordings and database of drills that nobody runs any more.

    What cannot be taken away is a critical line of the log, at each look.
    """
    try:
        count = clear_left()
    except DrillRunsError:
        return
    except (BackupRefusedError, OSError, psycopg.Error) as error:
        logger.critical(
            "what a killed drill left stays", extra={"code": type(error).__name__}
        )
        return
    if count:
        logger.warning("what a killed drill left was taken away", extra={"of": count})
