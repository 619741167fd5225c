"""What a person with an account has asked of us, and how far it is."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from compliance.asking.models import PrivacyRequest
from compliance.asking.own_words import read_words
from sondervoice.kernel.rights import RightsKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRequest:
    """One request, with its words.

    Attributes:
        put_off: Why it takes longer; empty where it does not.
    """

    kind: RightsKind
    status: str
    words: str
    asked_at: datetime
    due_at: datetime
    put_off: str
    answered_at: datetime | None
    answer: str
    is_late: bool


def list_own_requests(*, user: User, now: datetime) -> list[OwnRequest]:
    """Return the person's requests, newest first."""
    rows = PrivacyRequest.objects.filter(user=user).order_by("-asked_at", "-id")
    return [_shape(row, now) for row in rows]


def _shape(row: PrivacyRequest, now: datetime) -> OwnRequest:
    return OwnRequest(
        kind=RightsKind(row.kind),
        status=row.status,
        words=read_words(row, "words"),
        asked_at=row.asked_at,
        due_at=row.due_at,
        put_off=read_words(row, "put_off"),
        answered_at=row.answered_at,
        answer=read_words(row, "answer"),
        is_late=row.answered_at is None and now >= row.due_at,
    )
