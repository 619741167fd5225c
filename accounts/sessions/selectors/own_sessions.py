"""Where a person is signed in, and was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from accounts.sessions.models import EndReason, LoginSession

KEPT: Final = timedelta(days=30)
_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        EndReason.SIGNED_OUT: "You signed out",
        EndReason.SUPERSEDED: "You signed in elsewhere",
        EndReason.IDLE: "Quiet for too long",
        EndReason.TOO_OLD: "Lasted as long as a session may",
        EndReason.ENDED_BY_PERSON: "You ended all sessions",
        EndReason.ENDED_BY_CLINIC: "Ended by your clinic",
        EndReason.CHANGED: "Password or second factor changed",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession:
    """One sign-in.

    Attributes:
        why: It ended; empty while it stands.
        is_here: It is the one that asks.
    """

    device: str
    address: str
    place: str
    started_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
    why: str
    is_here: bool


def list_own_sessions(
    *, user: User, here: UUID | None, now: datetime
) -> list[OwnSession]:
    """Return the person's session and those that ended in 30 days, newest first."""
    rows = LoginSession.objects.filter(
        Q(ended_at=None) | Q(ended_at__gte=now - KEPT), user=user
    ).order_by("-started_at", "-id")
    return [_shape(row, here) for row in rows]


def _shape(row: LoginSession, here: UUID | None) -> OwnSession:
    return OwnSession(
        device=row.device,
        address=row.address,
        place=row.place,
        started_at=row.started_at,
        last_seen_at=row.last_seen_at,
        ended_at=row.ended_at,
        why=_WORDS.get(row.end_reason, ""),
        is_here=row.pk == here,
    )
