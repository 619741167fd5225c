"""Translates Telnyx's webhooks into our words (pure)."""

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from telephony.call_states import Event
from telephony.carrier.port import Notice, NoticeRefusedError

# `streaming.*` comes without the `call.` prefix of the others.
_EVENTS: Final = {
    "call.initiated": Event.INITIATED,
    "call.answered": Event.ANSWERED,
    "call.bridged": Event.BRIDGED,
    "call.hangup": Event.HUNG_UP,
    "streaming.started": Event.STREAM_STARTED,
    "streaming.stopped": Event.STREAM_STOPPED,
    "streaming.failed": Event.STREAM_FAILED,
}
# As long as the columns that keep them.
_LONGEST: Final = 200
_LONGEST_ID: Final = 100
_LONGEST_TYPE: Final = 60
_NO_EVENT: Final = (
    msgspec.MsgspecError,
    KeyError,
    TypeError,
    ValueError,
    OverflowError,
    RecursionError,
)


def read_notice(body: bytes) -> Notice:
    """Return the event of a webhook's body.

    Raises:
        NoticeRefusedError: If it is not the JSON of an event.
    """
    try:
        data = msgspec.json.decode(body)["data"]
        payload = data["payload"]
        occurred_at = _instant(_text(data["occurred_at"]))
        event_id = _text(data["id"], longest=_LONGEST_ID)
        event_type = _text(data["event_type"], longest=_LONGEST_TYPE)
    except _NO_EVENT:
        raise NoticeRefusedError("shape") from None
    if not event_id or not event_type or not isinstance(payload, dict):
        raise NoticeRefusedError("shape")
    return translate(
        event_id=event_id,
        event_type=event_type,
        occurred_at=occurred_at,
        payload=payload,
    )


def translate(
    *, event_id: str, event_type: str, occurred_at: datetime, payload: dict[str, Any]
) -> Notice:
    """Return an event's payload in our words.

    Raises:
        NoticeRefusedError: If a field that should be text is not, or is too long.
    """
    return Notice(
        event_id=event_id,
        event_type=event_type,
        event=_EVENTS.get(event_type, Event.OTHER),
        occurred_at=occurred_at,
        call_id=_text(payload.get("call_control_id")),
        called_e164=_number(payload.get("to")),
        caller_e164=_number(payload.get("from")),
        is_inbound=payload.get("direction") == "incoming",
        detail=_text(payload.get("hangup_source") or payload.get("failure_reason")),
        payload=payload,
        stream_token=_stream_token(payload),
    )


def _stream_token(payload: dict[str, Any]) -> str:
    """Return the last part of the stream's address, which ``failed`` has deeper."""
    params = payload.get("stream_params")
    address = payload.get("stream_url")
    if address is None and isinstance(params, dict):
        address = params.get("stream_url")
    return address.rstrip("/").rpartition("/")[2] if isinstance(address, str) else ""


def _text(value: Any, *, longest: int = _LONGEST) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest or "\x00" in value:
        raise NoticeRefusedError("shape")
    # JSON can spell half of a character, which no database keeps.
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise NoticeRefusedError("shape")
    return value


def _instant(text: str) -> datetime:
    """Return an instant in UTC; one without a zone is in UTC already."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _number(value: Any) -> str:
    """Return an E.164 number, or empty for a withheld or odd one."""
    digits = value[1:] if isinstance(value, str) and value.startswith("+") else ""
    is_number = digits.isascii() and digits.isdecimal() and 6 <= len(digits) <= 15
    return f"+{digits}" if is_number else ""
