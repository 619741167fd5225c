"""Remind of requests after 20 days, and say aloud when one is late."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from compliance.asking import own_record
from compliance.asking.contact import secret_id
from compliance.asking.models import PrivacyRequest
from compliance.asking.own_words import seal_words_anew
from compliance.asking.way_in import asking_desk
from sondervoice.kernel.jobs import after_commit

logger = logging.getLogger(__name__)

# Before the time is over: after 20 of the first 30 days.
REMINDS_BEFORE: Final = timedelta(days=10)
ANSWERED_LIVES: Final = timedelta(days=365)
_AT_MOST: Final = 500


def watch_privacy(*, now: datetime) -> None:
    """Remind once and warn once for each open request; each is one letter."""
    with asking_desk():
        for row in _due(now + REMINDS_BEFORE).filter(reminded_at=None):
            row.reminded_at = now
            row.save(update_fields=["reminded_at"])
            own_record.reminded(row)
            _warn(row)
        for row in _due(now).filter(overdue_at=None):
            logger.critical("a privacy request is overdue", extra={"id": str(row.id)})
            row.overdue_at = now
            row.save(update_fields=["overdue_at"])
            own_record.overdue(row)
            _warn(row)


def clear_privacy(*, now: datetime) -> int:
    """Forget requests a year after their answer; return how many."""
    with asking_desk():
        old = PrivacyRequest.objects.filter(answered_at__lte=now - ANSWERED_LIVES)
        few = list(old.order_by("answered_at").values_list("pk", flat=True)[:_AT_MOST])
        deleted, _ = PrivacyRequest.objects.filter(pk__in=few).delete()
        return deleted


def seal_privacy_anew() -> int:
    """Seal by SECRET_KEY what an older one sealed; return how many rows were."""
    with asking_desk():
        old = (
            PrivacyRequest.objects.select_for_update(skip_locked=True)
            .exclude(sealed_by=secret_id())
            .order_by("asked_at")[:_AT_MOST]
        )
        return sum(seal_words_anew(row) for row in old)


def _due(by: datetime) -> QuerySet[PrivacyRequest]:
    return (
        PrivacyRequest.objects.select_for_update(skip_locked=True)
        .filter(status=PrivacyRequest.Status.OPEN, due_at__lte=by)
        .order_by("due_at")
    )


def _warn(row: PrivacyRequest) -> None:
    after_commit(
        "compliance.warn_officer", organization_id=None, ids={"request_id": row.id}
    )
