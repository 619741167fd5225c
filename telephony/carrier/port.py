"""What we ask of a carrier, and what it tells us, in our words.

One folder a carrier: `telephony/carrier/telnyx/` is the first.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from telephony.call_states import Event

# How long a person's telephone rings when a caller is put through.
RINGS_S: Final = 25
# What a reference to a carrier's copies begins with: its own id of the call follows, or
# that of the session which joins all legs.
LEG: Final = "leg:"
SESSION: Final = "session:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One event as the carrier told it, translated.

    Attributes:
        event_id: The carrier's own id of the event; equal for repeats.
        call_id: The carrier's id of the call, empty when it concerns none.
        called_e164: Our number, empty where the event does not say.
        caller_e164: The caller's, empty when withheld or not said.
        detail: A word on how it ended or failed.
        stream_token: The one-time token in the address of the stream that the event is
            about, empty where it does not say.
        payload: The event as it came, to be kept sealed.
    """

    event_id: str
    event_type: str
    event: Event
    occurred_at: datetime
    call_id: str
    called_e164: str
    caller_e164: str
    is_inbound: bool
    detail: str
    payload: dict[str, Any]
    stream_token: str = ""


class NoticeRefusedError(Exception):
    """The webhook is forged, stale or malformed; nothing of it is kept."""


class Carrier(Protocol):
    """Carries calls. Commands may be sent twice: `command_id` makes repeats free.

    Each raises `kernel.errors.VendorError`, with category ``call_gone`` when the call
    has ended meanwhile.
    """

    name: str

    def answer(self, call_id: str, *, command_id: UUID) -> None:
        """Take the call."""

    def start_stream(self, call_id: str, *, command_id: UUID, url: str) -> None:
        """Open the media stream, both ways, to `url`."""

    def speak(
        self, call_id: str, *, command_id: UUID, text: str, language: str
    ) -> None:
        """Say something in the carrier's own voice, when ours cannot be heard."""

    def transfer(
        self, call_id: str, *, command_id: UUID, to_e164: str, from_e164: str
    ) -> None:
        """Give the call to another number, which rings for `RINGS_S` at most."""

    def hang_up(self, call_id: str, *, command_id: UUID) -> None:
        """End the call."""


class Messenger(Protocol):
    """Carries text messages.

    Raises `kernel.errors.VendorError`; permanent when the carrier will never take it.
    """

    def send(self, *, to_e164: str, text: str) -> None:
        """Hand one message to the carrier; a repeat is another message."""
