"""What the carrier accepts for each Call Control command: one table, and a check.

Source:
    Telnyx API v2, Call Control command bodies, as published for SDK 4.189 (read
    2026-11). Fields that our product has no business with are left out, so that using
    one is noticed here first.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Kind = type | tuple[str, ...] | tuple[int, ...] | tuple[bool, ...]

_CODECS: Final = ("PCMU", "PCMA", "G722", "OPUS", "AMR-WB", "L16")
_ALWAYS: Final[dict[str, Kind]] = {"client_state": str, "command_id": str}
_STREAM: Final[dict[str, Kind]] = {
    "stream_url": str,
    "stream_track": ("inbound_track", "outbound_track", "both_tracks"),
    "stream_codec": (*_CODECS, "default"),
    "stream_bidirectional_mode": ("mp3", "rtp"),
    "stream_bidirectional_codec": _CODECS,
    "stream_bidirectional_target_legs": ("both", "self", "opposite"),
}
_HOOKS: Final[dict[str, Kind]] = {
    "webhook_url": str,
    "webhook_url_method": ("POST", "GET"),
}
_LANGUAGES: Final = (
    "da-DK", "de-DE", "en-AU", "en-GB", "en-IN", "en-US", "es-ES", "es-MX", "es-US",
    "fr-CA", "fr-FR", "it-IT", "ja-JP", "nb-NO", "nl-NL", "pl-PL", "pt-BR", "pt-PT",
    "ro-RO", "ru-RU", "sv-SE", "tr-TR",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Action:
    """One command: what its body may and must have, and when it may be sent."""

    fields: Mapping[str, Kind] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    needs_answer: bool = False


ACTIONS: Final[dict[str, Action]] = {
    # It may be told not to transcribe; that it should, is nothing of ours.
    "answer": Action(
        {**_STREAM, **_HOOKS, "preferred_codecs": str, "transcription": (False,)}
    ),
    "reject": Action(
        {"cause": ("CALL_REJECTED", "USER_BUSY")}, required=frozenset({"cause"})
    ),
    "hangup": Action(),
    "streaming_start": Action(
        {
            **_STREAM,
            "stream_bidirectional_sampling_rate": (8000, 16000, 22050, 24000, 48000),
            "stream_auth_token": str,
            "custom_parameters": list,
        },
        needs_answer=True,
    ),
    "streaming_stop": Action({"stream_id": str}),
    "speak": Action(
        {
            "payload": str,
            "payload_type": ("text", "ssml"),
            "service_level": ("basic", "premium"),
            "voice": str,
            "language": _LANGUAGES,
            "stop": str,
            "target_legs": ("self", "opposite", "both"),
        },
        required=frozenset({"payload", "voice"}),
        needs_answer=True,
    ),
    "transfer": Action(
        {
            **_HOOKS,
            "to": str,
            "from": str,
            "from_display_name": str,
            "timeout_secs": int,
            "time_limit_secs": int,
            "target_leg_client_state": str,
            "early_media": bool,
        },
        required=frozenset({"to"}),
    ),
    "playback_stop": Action({"stop": str}),
}


def complaint(action: str, body: Any) -> tuple[str, str] | None:
    """Return the vendor's error code and what is wrong with the body, or None."""
    known = ACTIONS[action]
    if not isinstance(body, dict):
        return "10015", "the body is not a JSON object"
    missing = sorted(known.required - body.keys())
    if missing:
        return "10004", f"/{missing[0]} is required"
    allowed = {**_ALWAYS, **known.fields}
    for name, value in body.items():
        if name not in allowed:
            return "10015", f"/{name} is not a field of {action}"
        if not _fits(value, allowed[name]):
            return "10015", f"/{name} has a value the API does not take"
    return _deeper(body)


def _fits(value: Any, kind: Kind) -> bool:
    if isinstance(kind, tuple):
        return value in kind and isinstance(value, bool) == isinstance(kind[0], bool)
    if kind is int and isinstance(value, bool):
        return False
    return isinstance(value, kind)


def _deeper(body: Mapping[str, Any]) -> tuple[str, str] | None:
    if len(body.get("stream_auth_token", "")) > 4000:
        return "10015", "/stream_auth_token is longer than 4000 characters"
    if not body.get("stream_url", "ws://").startswith(("ws://", "wss://")):
        return "10015", "/stream_url is not a WebSocket address"
    try:
        base64.b64decode(body.get("client_state", ""), validate=True)
    except binascii.Error:
        return "10015", "/client_state is not Base64"
    return None
