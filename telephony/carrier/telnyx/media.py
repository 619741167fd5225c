"""Telnyx's media stream: JSON text messages, both ways (pure).

Source:
    Telnyx API reference, "Stream call media over WebSocket" (read 2026-11). Numbers are
    strings there; `media` is base64 of the RTP payload without its header.
"""

import binascii
from typing import Annotated, Final, Literal

import msgspec

from telephony.voice.frames import FRAME_MS, Encoded


class MessageRefusedError(Exception):
    """The message is none of the carrier's."""


class _Event(msgspec.Struct, tag_field="event", frozen=True, gc=False):
    pass


# No call lasts a day; a greater number would be a place in a file, or in a column.
_MOST_MS: Final = 24 * 3600 * 1000
_MOST_CHUNKS: Final = _MOST_MS // FRAME_MS
_Chunk = Annotated[int, msgspec.Meta(ge=0, le=_MOST_CHUNKS)]
_Ms = Annotated[int, msgspec.Meta(ge=0, le=_MOST_MS)]


class _Media(msgspec.Struct, frozen=True, gc=False):
    # Base64 in the message, undone as it is read; the decoder is lax, so that a number
    # may come as a string.
    payload: bytes
    chunk: _Chunk = 0
    timestamp: _Ms = 0
    track: str = "inbound"


class _Format(msgspec.Struct, frozen=True, gc=False):
    encoding: str
    sample_rate: int = 8000
    channels: int = 1


class _Start(msgspec.Struct, frozen=True, gc=False):
    call_control_id: str
    media_format: _Format


class _Digit(msgspec.Struct, frozen=True, gc=False):
    # A to D are on no caller's keypad, but they are digits to the carrier.
    digit: Literal[
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#", "A", "B", "C", "D"
    ]


class _Mark(msgspec.Struct, frozen=True, gc=False):
    name: str


class Connected(_Event, tag="connected", frozen=True, gc=False):
    """The first message."""


class Started(_Event, tag="start", frozen=True, gc=False):
    """Which call this is, and how its sound comes."""

    start: _Start


class MediaFrame(_Event, tag="media", frozen=True, gc=False):
    """20 ms of sound."""

    media: _Media


class KeyPressed(_Event, tag="dtmf", frozen=True, gc=False):
    """A key."""

    dtmf: _Digit


class Echo(_Event, tag="mark", frozen=True, gc=False):
    """All sound before this mark has been played, or was cleared."""

    mark: _Mark


class Stopped(_Event, tag="stop", frozen=True, gc=False):
    """The stream ends."""


class CarrierError(_Event, tag="error", frozen=True, gc=False):
    """The carrier could not use what we sent."""


class Unknown(msgspec.Struct, frozen=True, gc=False):
    """Well-formed, of a kind that is not in our list: the carrier may add some."""

    event: str


_Known = Connected | Started | MediaFrame | KeyPressed | Echo | Stopped | CarrierError
Message = _Known | Unknown

KEYPAD: Final = frozenset("0123456789*#")

ENCODINGS: Final = frozenset({"PCMU", "PCMA"})
_decoder: Final = msgspec.json.Decoder(_Known, strict=False)
_unknown_decoder: Final = msgspec.json.Decoder(Unknown)
_KNOWN_EVENTS: Final = frozenset(
    {"connected", "start", "media", "dtmf", "mark", "stop", "error"}
)


def read_message(text: str | bytes) -> Message:
    """Return the message.

    Raises:
        MessageRefusedError: If it is not JSON of one of the carrier's shapes.
    """
    try:
        message: Message = _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _read_unknown(text)
    return message


def _read_unknown(text: str | bytes) -> Unknown:
    try:
        message = _unknown_decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise MessageRefusedError from None
    if message.event in _KNOWN_EVENTS:
        # One we know, in a shape it does not have.
        raise MessageRefusedError
    return message


def encoding_of(started: Started) -> str:
    """Return ``PCMU`` or ``PCMA``.

    Raises:
        MessageRefusedError: If the sound comes in any other form.
    """
    form = started.start.media_format
    if form.encoding not in ENCODINGS or form.sample_rate != 8000 or form.channels != 1:
        raise MessageRefusedError
    return form.encoding


def read_frame(message: MediaFrame, *, base_ms: int) -> Encoded | None:
    """Return the caller's 20 ms, or None for another track.

    Args:
        base_ms: The call's time at the carrier's zero.
    """
    media = message.media
    if media.track != "inbound":
        return None
    return Encoded(
        payload=media.payload, chunk=media.chunk, at_ms=base_ms + media.timestamp
    )


def media_message(payload: bytes) -> str:
    """Return the message that plays 20 ms of G.711."""
    sound = binascii.b2a_base64(payload, newline=False).decode("ascii")
    return f'{{"event":"media","media":{{"payload":"{sound}"}}}}'


def mark_message(name: str) -> str:
    """Return the message that asks for an echo; `name` is ours and plain."""
    return f'{{"event":"mark","mark":{{"name":"{name}"}}}}'


CLEAR_MESSAGE: Final = '{"event":"clear"}'
