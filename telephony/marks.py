"""The marks a call carries on a page, said four times: form, icon, word, colour (pure).

Outcome is filled, consent outlined, recording bare.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from telephony.models import Call

FEW_DAYS: Final = 14
# Storing begins when the call ends; the sweep runs it within seconds.
STORED_WITHIN: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Badge:
    """A mark; `form` and `tone` are classes of the style sheet."""

    form: str
    tone: str
    icon: str
    word: str


class Kept(Protocol):
    """What a mark asks of a recording."""

    status: str

    @property
    def erase_after(self) -> datetime:
        """Return from when it must be gone."""


ERASED: Final = Badge("state", "plain", "eraser", "Erased")
_OUTCOMES: Final = {
    Call.Outcome.BOOKED: ("good", "calendar-check", "Booked"),
    Call.Outcome.CANCELLED: ("plain", "calendar-x", "Cancelled"),
    Call.Outcome.MESSAGE: ("person", "message-square-text", "Message"),
    Call.Outcome.TRANSFERRED: ("person", "phone-forwarded", "Put through"),
    Call.Outcome.EMERGENCY: ("bad loud", "siren", "Emergency"),
    Call.Outcome.INFO: ("machine", "info", "Answered"),
}


def outcome_badge(call: Call) -> Badge:
    """Return what came of the call; an emergency shows while it is still live."""
    if call.outcome in _OUTCOMES and (
        call.has_ended or call.outcome == Call.Outcome.EMERGENCY
    ):
        return Badge("tag", *_OUTCOMES[Call.Outcome(call.outcome)])
    if not call.has_ended:
        word = "Live" if call.status == Call.Status.LIVE else "Ringing"
        return Badge("tag", "machine", "audio-lines", word)
    if call.end_reason == Call.EndReason.LINE_LOST:
        return Badge("tag", "person", "phone-missed", "Line lost")
    if call.answered_at is None:
        return Badge("tag", "person", "phone-missed", "Missed")
    return Badge("tag", "plain", "phone-off", "Hung up")


def consent_badge(call: Call) -> Badge:
    """Return what the caller was told or asked about being recorded, and said."""
    if call.consent_answer is not None:
        said = ("good", "check", "Agreed") if call.consent_answer else _REFUSED
        return Badge("consent", *said)
    if call.consent_asked_at is not None:
        if call.has_ended:
            return Badge("consent", "plain", "minus", "No answer")
        return Badge("consent", "plain", "ellipsis", "Asking")
    if call.disclosure_heard_at is not None:
        return Badge("consent", "plain", "megaphone", "Told")
    return Badge("consent", "plain", "minus", "Not asked")


_REFUSED: Final = ("person", "x", "Refused")


def recording_badge(call: Call, recording: Kept | None, *, now: datetime) -> Badge:
    """Return what is kept of the sound, and when it is due for erasure."""
    if recording is None or recording.status == "empty":
        return _not_kept(call, now)
    if recording.status == "erased":
        return ERASED
    if recording.status == "spooling":
        if call.has_ended:
            return Badge("state", "plain", "hourglass", "Being stored")
        return Badge("state", "bad", "circle-dot", "Recording")
    days = max((recording.erase_after - now).days, 0)
    if days < FEW_DAYS:
        return Badge("state", "person", "hourglass", _due(days))
    return Badge("state", "plain", "lock", f"Kept, due in {days} days")


def _due(days: int) -> str:
    if days == 0:
        return "Kept, due"
    return f"Kept, due in {days} {'day' if days == 1 else 'days'}"


def _not_kept(call: Call, now: datetime) -> Badge:
    """Return the mark of a call without a recording; it gets one after its end."""
    if call.consent_asked_at is not None and call.consent_answer is None:
        words = "Not recorded" if call.has_ended else "Waits for yes"
        return Badge("state", "plain", "mic-off", words)
    if _records(call) and not call.has_ended:
        return Badge("state", "bad", "circle-dot", "Recording")
    if is_being_stored(call, now):
        return Badge("state", "plain", "hourglass", "Being stored")
    return Badge("state", "plain", "mic-off", "Not recorded")


def is_being_stored(call: Call, now: datetime) -> bool:
    """Return whether a call without a recording has ended too lately to have one."""
    return (
        _records(call)
        and call.ended_at is not None
        and now - call.ended_at < STORED_WITHIN
    )


def _records(call: Call) -> bool:
    """Return whether the notice, the rule and the caller let sound be kept."""
    needs_yes = call.capture.get("mode") == "explicit_opt_in"
    permitted = (
        call.consent_answer is True if needs_yes else (call.consent_answer is not False)
    )
    wanted = bool(call.capture.get("recording", False))
    return wanted and permitted and call.disclosure_heard_at is not None


def clock(seconds: int) -> str:
    """Return ``3:12``, or ``1:03:12`` from an hour on."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
