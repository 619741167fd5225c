"""Raise an alarm while a colleague's leaving stays open past its time."""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from accounts.letters import send_letter
from accounts.operators.models import LEAVING_DUE_IN
from sondervoice.kernel import audit
from sondervoice.kernel.jobs import after_commit

logger = logging.getLogger(__name__)

# The clock asks each hour, since it forgets where it was when it is started anew.
_ONCE_A_DAY: Final = timedelta(hours=23, minutes=30)


@transaction.atomic
def watch_leavings(*, now: datetime) -> None:
    """Record once a day that a list is overdue, and ask for a letter."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT leaving, open_steps FROM note_overdue_leavings(%s, %s, %s)",
            [now, now - LEAVING_DUE_IN, now - _ONCE_A_DAY],
        )
        found = cursor.fetchall()
    for leaving_id, open_steps in found:
        logger.warning("a leaving is overdue", extra={"id": str(leaving_id)})
        _record(leaving_id, open_steps)
        ids = {"leaving_id": leaving_id}
        after_commit("accounts.warn_of_leaving", organization_id=None, ids=ids)


def warn_of_leaving(*, leaving_id: UUID) -> None:
    """Send the letter to SECURITY_MAIL, if there is one.

    Raises:
        VendorError: If the mail server did not take it.
    """
    if settings.SECURITY_MAIL:
        send_letter(
            "leaving_overdue",
            to=settings.SECURITY_MAIL,
            leaving_id=leaving_id,
            days=LEAVING_DUE_IN.days,
        )


def _record(leaving_id: UUID, open_steps: int) -> None:
    audit.record(
        audit.Entry(
            action="accounts.leaving.overdue",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="leaving",
            subject_id=leaving_id,
            facts={"open": open_steps},
        )
    )
