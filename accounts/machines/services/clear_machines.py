"""Clear what nobody will ask for again: kept answers, old counts, tokens long over."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from accounts.machines.models import StoredAnswer, Tally, TokenFamily
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy

# A day is promised; an hour more, so that a client's late clock loses nothing.
ANSWERS_KEPT: Final = timedelta(hours=25)
COUNTS_KEPT: Final = timedelta(hours=1)
TOKENS_KEPT: Final = timedelta(days=30)


def clear_answers(*, organization_id: UUID, now: datetime) -> None:
    """Clear the answers of one clinic that were kept for a day."""
    with tenancy.scope(organization_id):
        StoredAnswer.objects.filter(created_at__lt=now - ANSWERS_KEPT).delete()


def clear_counts(*, now: datetime) -> None:
    """Clear counts whose minute is over."""
    Tally.objects.filter(started_at__lt=now - COUNTS_KEPT).delete()


def clear_families(*, now: datetime) -> None:
    """Clear tokens that were over a month ago; the record tells of them still."""
    with signing_in():
        TokenFamily.objects.filter(expires_at__lt=now - TOKENS_KEPT).delete()
