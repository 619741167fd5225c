"""Take down what a person with an account asks of us about their own data."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from compliance.asking import own_record
from compliance.asking.contact import secret_id
from compliance.asking.errors import PrivacyRequestOpenError
from compliance.asking.models import PrivacyRequest
from compliance.asking.own_words import COLUMNS, keep_words
from sondervoice.kernel.jobs import after_commit
from sondervoice.kernel.rights import RightsKind

# Source: Regulation (EU) 2016/679, article 12(3): within one month; control C028: 30
# days.
DUE_IN: Final = timedelta(days=30)


@transaction.atomic
def ask_privacy(
    *, user: User, kind: RightsKind, words: str, now: datetime
) -> PrivacyRequest:
    """Keep the request and tell whoever answers it.

    Raises:
        PrivacyRequestOpenError: If the same was asked and is not answered yet.
    """
    # The person's row is what two at once wait for.
    User.objects.select_for_update().get(pk=user.pk)
    open_ones = PrivacyRequest.objects.filter(user=user, kind=kind, status="open")
    if open_ones.exists():
        raise PrivacyRequestOpenError
    row = _row(user, kind, now)
    keep_words(row, "words", words)
    row.save(force_insert=True)
    own_record.asked(row)
    after_commit(
        "compliance.warn_officer", organization_id=None, ids={"request_id": row.id}
    )
    return row


@transaction.atomic
def note_served(*, user: User, kind: RightsKind, now: datetime) -> PrivacyRequest:
    """Keep a request that is done as it is asked, so that it stands in the list."""
    row = _row(user, kind, now)
    row.status = PrivacyRequest.Status.DONE
    row.answered_at = now
    row.save(force_insert=True)
    own_record.served(row)
    return row


def forget_words(*, user: User, now: datetime) -> None:
    """End what a person has asked whose account is erased, and empty all words.

    Nobody can be written to any more; what they asked about is gone.
    """
    status = PrivacyRequest.Status
    for row in PrivacyRequest.objects.select_for_update().filter(user=user):
        if row.status == status.OPEN:
            row.status, row.answered_at = status.DONE, now
            own_record.served(row)
        for column in COLUMNS:
            setattr(row, f"{column}_sealed", b"")
        row.save()


def words_of(user_ids: Sequence[UUID]) -> QuerySet[PrivacyRequest]:
    """Return the requests of these people that are open or have words."""
    blank = Q(**{f"{column}_sealed": b"" for column in COLUMNS})
    is_open = Q(status=PrivacyRequest.Status.OPEN)
    return PrivacyRequest.objects.filter(~blank | is_open, user__in=user_ids)


def forget_words_again(user_ids: Sequence[UUID], *, now: datetime) -> None:
    """Do once more what a restore undid; the record has it already."""
    found, status = words_of(user_ids), PrivacyRequest.Status
    found.filter(status=status.OPEN).update(status=status.DONE, answered_at=now)
    found.update(**{f"{column}_sealed": b"" for column in COLUMNS})


def _row(user: User, kind: RightsKind, now: datetime) -> PrivacyRequest:
    return PrivacyRequest(
        user=user,
        kind=kind,
        sealed_by=secret_id(),
        asked_at=now,
        due_at=now + DUE_IN,
    )
