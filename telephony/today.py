"""What the clinic's day looks like now: who waits, who called, who comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from accounts.actors import Actor
from accounts.permissions import Permission
from telephony.call_rows import CallRow, shape_rows, with_marks
from telephony.messages.models import Message
from telephony.messages.selectors.message_rows import MessageRow, shape_messages
from telephony.messages.selectors.messages import list_messages
from telephony.models import Call
from telephony.periods import one_day
from telephony.scheduling.selectors.appointment_rows import (
    AppointmentRow,
    shape_appointments,
)
from telephony.scheduling.selectors.appointments import list_appointments
from telephony.selectors.calls import count_live_calls, list_calls
from telephony.selectors.sight import Sight

ROWS: Final = 8
MESSAGES: Final = 6
SLICES: Final = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The day so far.

    Attributes:
        emergencies: Of the last 24 hours, without a message, that nobody has seen to.
        messages: New ones, urgent first, at most `MESSAGES`.
        more_messages: How many new ones are not shown.
        bars: Each half hour's place (x in %, y in px) and height in px.
    """

    emergencies: list[CallRow]
    messages: list[MessageRow]
    more_messages: int
    calls: list[CallRow]
    call_count: int
    missed_count: int
    live_count: int
    appointments: list[AppointmentRow]
    bars: list[tuple[str, int, int]]
    now_at: str

    @property
    def waiting(self) -> int:
        """Return how many wait for a person."""
        return len(self.emergencies) + len(self.messages) + self.more_messages

    @property
    def waiting_words(self) -> str:
        """Return that number as it begins a sentence: ``Three``, ``14``."""
        return _NUMBERS.get(self.waiting, str(self.waiting))


_NUMBERS: Final = dict(
    enumerate(
        ["Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"], start=2
    )
)


def read_today(*, actor: Actor, now: datetime, zone: ZoneInfo, sight: Sight) -> Today:
    """Return the day of the clinic.

    Raises:
        PermissionMissingError: If the actor may not see calls.
    """
    day = one_day(now.astimezone(zone).date(), zone, "today")
    calls = list_calls(actor=actor, since=day.since, until=day.until)
    starts = list(calls.values_list("started_at", "answered_at", "status"))
    waiting = _messages(actor, sight)
    return Today(
        emergencies=_emergencies(actor, now, sight),
        messages=waiting[:MESSAGES],
        more_messages=max(len(waiting) - MESSAGES, 0),
        calls=shape_rows(
            actor=actor, calls=with_marks(calls)[:ROWS], now=now, sight=sight
        ),
        call_count=len(starts),
        missed_count=sum(
            answered is None and status in _OVER for _, answered, status in starts
        ),
        live_count=count_live_calls(actor=actor),
        appointments=_appointments(actor, day.since, day.until, sight),
        bars=_bars([started.astimezone(zone) for started, _, _ in starts]),
        now_at=_place(now.astimezone(zone)),
    )


_OVER: Final = (Call.Status.ENDED, Call.Status.FAILED)


def _messages(actor: Actor, sight: Sight) -> list[MessageRow]:
    if not actor.may(Permission.MESSAGES_VIEW):
        return []
    new = list_messages(actor=actor, status=Message.Status.NEW)
    return shape_messages(actor=actor, messages=new[:100], sight=sight)


def _emergencies(actor: Actor, now: datetime, sight: Sight) -> list[CallRow]:
    """Return the latest emergencies without a message that nobody has seen to."""
    left = Message.with_deleted.filter(call=OuterRef("pk"))
    calls = list_calls(actor=actor, since=now - timedelta(hours=24)).filter(
        ~Exists(left), outcome=Call.Outcome.EMERGENCY, attended_at=None
    )
    return shape_rows(actor=actor, calls=with_marks(calls)[:ROWS], now=now, sight=sight)


def _appointments(
    actor: Actor, since: datetime | None, until: datetime | None, sight: Sight
) -> list[AppointmentRow]:
    if not actor.may(Permission.APPOINTMENTS_VIEW):
        return []
    found = list_appointments(actor=actor, since=since, until=until)
    return shape_appointments(
        actor=actor, appointments=found.filter(status="booked"), sight=sight
    )


def _place(at: datetime) -> str:
    return f"{(at.hour * 60 + at.minute) / 14.4:.2f}%"


def _bars(starts: list[datetime]) -> list[tuple[str, int, int]]:
    counts = [0] * SLICES
    for at in starts:
        counts[at.hour * 2 + at.minute // 30] += 1
    most = max([*counts, 4])
    heights = [round(26 * count / most) for count in counts]
    return [
        (f"{slice_ * 100 / SLICES + 0.3:.2f}%", 28 - height, height)
        for slice_, height in enumerate(heights)
        if height
    ]
