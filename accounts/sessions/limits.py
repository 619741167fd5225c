"""When a session is over: one pure answer for requests, open pages and sign-ins."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from accounts.models import IDLE_MINUTES_AT_MOST, SESSION_HOURS_AT_MOST
from accounts.sessions.models import EndReason

# Whoever can give access, everybody of a HIPAA clinic, and operators.
STRICT_IDLE_MINUTES: Final = 15
_SEEN_WITHIN: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a session's row says now, and the limits of its person's clinics.

    A session opens each clinic of its person, so the strictest of them counts.

    Attributes:
        user_epoch: The person's number; the session is over when it is not its own.
        idle_minutes: The fewest that a clinic allows; None for who has no clinic.
        is_strict: Whether the person must show a second factor, so has 15 at most.
    """

    id: UUID
    user_id: UUID
    key_sha256: bytes
    epoch: int
    user_epoch: int
    started_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
    end_reason: str
    idle_minutes: int | None
    session_hours: int | None
    is_strict: bool

    @property
    def idle(self) -> timedelta:
        """How long the person may do nothing."""
        most = STRICT_IDLE_MINUTES if self.is_strict else IDLE_MINUTES_AT_MOST
        return timedelta(minutes=min(self.idle_minutes or most, most))

    @property
    def longest(self) -> timedelta:
        """How long the session may last whatever the person does."""
        return timedelta(hours=self.session_hours or SESSION_HOURS_AT_MOST)

    @property
    def idle_at(self) -> datetime:
        """When the session ends if the person does nothing more."""
        return self.last_seen_at + self.idle

    @property
    def lapse(self) -> tuple[datetime, EndReason]:
        """When the session runs out, and of what."""
        old_at = self.started_at + self.longest
        if old_at < self.idle_at:
            return old_at, EndReason.TOO_OLD
        return self.idle_at, EndReason.IDLE

    @property
    def warns_for(self) -> timedelta:
        """How long before a quiet person is signed out they are asked to stay."""
        return min(timedelta(minutes=1), self.idle / 4)

    def must_note(self, now: datetime) -> bool:
        """Return whether the last sign of the person is old enough to be written anew.

        A short limit is measured more finely, so that a busy person never meets it.
        """
        return now - self.last_seen_at >= min(_SEEN_WITHIN, self.idle / 10)


def why_over(standing: Standing, *, now: datetime) -> EndReason | None:
    """Return why the session is over, or None while it stands."""
    if standing.ended_at is not None:
        return EndReason(standing.end_reason)
    if standing.epoch != standing.user_epoch:
        return EndReason.CHANGED
    lapses_at, reason = standing.lapse
    return reason if now >= lapses_at else None
