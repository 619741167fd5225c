"""The table of a call's states (pure).

Carrier events come twice, late and in any order; the table says what each means in each
state. What does not move a call is noted and changes nothing.

Next: `telephony.services.apply_event`.
"""

from enum import StrEnum
from typing import Final


class CallStatus(StrEnum):
    """Where a call stands; the last two are final."""

    RINGING = "ringing"
    LIVE = "live"
    ENDED = "ended"
    FAILED = "failed"


class Event(StrEnum):
    """What the carrier tells us of a call, in our words."""

    INITIATED = "initiated"
    ANSWERED = "answered"
    STREAM_STARTED = "stream_started"
    STREAM_STOPPED = "stream_stopped"
    STREAM_FAILED = "stream_failed"
    BRIDGED = "bridged"
    HUNG_UP = "hung_up"
    OTHER = "other"


TERMINAL: Final = frozenset({CallStatus.ENDED, CallStatus.FAILED})

_TABLE: Final = {
    (CallStatus.RINGING, Event.ANSWERED): CallStatus.LIVE,
    # The stream can only start on an answered call: `answered` is late or lost.
    (CallStatus.RINGING, Event.STREAM_STARTED): CallStatus.LIVE,
    (CallStatus.RINGING, Event.HUNG_UP): CallStatus.ENDED,
    (CallStatus.LIVE, Event.HUNG_UP): CallStatus.ENDED,
}


def next_state(status: CallStatus, event: Event) -> CallStatus | None:
    """Return the state that the event leads to, or None when it changes none."""
    return _TABLE.get((status, event))
