"""Answer a person's request, or take longer and say why; at the operators' desk."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from compliance.asking import own_record
from compliance.asking.errors import (
    PrivacyRequestClosedError,
    PrivacyRequestNotFoundError,
    PrivacyRequestPutOffError,
)
from compliance.asking.models import PrivacyRequest
from compliance.asking.own_words import keep_words
from sondervoice.kernel.jobs import after_commit

# Source: Regulation (EU) 2016/679, article 12(3): by two further months where needed,
# and the person hears of it, with the reasons, within the first month.
PUT_OFF_AT_MOST: Final = timedelta(days=60)


@transaction.atomic
def put_off(
    *, operator_id: UUID, request_id: UUID, days: int, reason: str, now: datetime
) -> PrivacyRequest:
    """Take so many days longer, once, and tell the person why.

    Raises:
        PrivacyRequestNotFoundError: If there is no such request.
        PrivacyRequestClosedError: If it was answered meanwhile.
        PrivacyRequestPutOffError: If it was put off before, the first month is over,
            or it would be for longer than two further months.
    """
    row = _get_open(request_id)
    longer = timedelta(days=days)
    is_late = now >= row.due_at
    if row.put_off_at is not None or is_late or not longer <= PUT_OFF_AT_MOST:
        raise PrivacyRequestPutOffError
    row.due_at += longer
    row.put_off_at = now
    row.reminded_at = None
    keep_words(row, "put_off", reason)
    row.save(update_fields=["due_at", "put_off_at", "reminded_at", "put_off_sealed"])
    own_record.put_off(row, operator_id=operator_id, days=days)
    _tell(row)
    return row


@transaction.atomic
def answer_privacy(
    *, operator_id: UUID, request_id: UUID, is_done: bool, words: str, now: datetime
) -> PrivacyRequest:
    """Say what was done, or why not, and tell the person.

    Raises:
        PrivacyRequestNotFoundError: If there is no such request.
        PrivacyRequestClosedError: If it was answered meanwhile.
    """
    row = _get_open(request_id)
    done, refused = PrivacyRequest.Status.DONE, PrivacyRequest.Status.REFUSED
    row.status = done if is_done else refused
    row.answered_at = now
    keep_words(row, "answer", words)
    row.save(update_fields=["status", "answered_at", "answer_sealed"])
    own_record.answered(row, operator_id=operator_id, is_done=is_done)
    _tell(row)
    return row


def _get_open(request_id: UUID) -> PrivacyRequest:
    row = PrivacyRequest.objects.select_for_update().filter(pk=request_id).first()
    if row is None:
        raise PrivacyRequestNotFoundError
    if row.status != PrivacyRequest.Status.OPEN:
        raise PrivacyRequestClosedError
    return row


def _tell(row: PrivacyRequest) -> None:
    after_commit(
        "compliance.send_privacy_answer",
        organization_id=None,
        ids={"request_id": row.id},
    )
