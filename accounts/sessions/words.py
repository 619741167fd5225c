"""Why a session is over, in words for its person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.sessions.models import EndReason


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """The sign-in that took a session's place."""

    at: datetime
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What the person reads.

    Attributes:
        title: The fact, without a full stop.
    """

    title: str
    words: str

    def as_session_value(self) -> dict[str, str]:
        """Return it as a session can keep it."""
        return {"title": self.title, "words": self.words}


def notice_of(
    reason: EndReason,
    *,
    idle: timedelta,
    longest: timedelta,
    later: SignIn | None,
    zone: ZoneInfo,
) -> Notice:
    """Return the notice for this reason.

    Args:
        later: For a session that was superseded: by which sign-in.
        zone: In which the person reads times.
    """
    if reason == EndReason.SUPERSEDED:
        return _superseded(later, zone)
    quiet = _count(round(idle.total_seconds() / 60), "quiet minute")
    hours = _count(round(longest.total_seconds() / 3600), "hour")
    title, words = {
        EndReason.IDLE: (f"You were signed out after {quiet}", "Nothing is lost."),
        EndReason.TOO_OLD: (
            f"You were signed out after {hours}",
            "No session lasts longer. Nothing is lost.",
        ),
        EndReason.ENDED_BY_PERSON: (
            "You ended all your sessions",
            "No browser is signed in as you any more.",
        ),
        EndReason.ENDED_BY_CLINIC: (
            "Your clinic ended this session",
            "What you may do was changed. Sign in again to go on.",
        ),
        EndReason.CHANGED: (
            "You were signed out",
            "Your password or second factor was changed. Sign in again to go on.",
        ),
        EndReason.SIGNED_OUT: ("You signed out", "Nothing is lost."),
    }[reason]
    return Notice(title=title, words=words)


def _superseded(later: SignIn | None, zone: ZoneInfo) -> Notice:
    title = "You signed in elsewhere"
    was_it = (
        "One session a person: this one is over. If that was not you, sign in here, "
        "then end all sessions and change your password."
    )
    if later is None:
        return Notice(title=title, words=was_it)
    at = later.at.astimezone(zone)
    place = zone.key.rpartition("/")[2].replace("_", " ")
    return Notice(
        title=title,
        words=f"At {at:%H:%M} {place} time, with {later.device}. {was_it}",
    )


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")
