"""What the carrier accepts as a text message: a table, a check, and an answer.

Source:
    Telnyx API v2, `POST /messages`: schemas `CreateMessageRequest` and
    `OutboundMessagePayload`, as published for SDK 4.189 (read 2026-11). Fields that our
    product has no business with are left out. The published description names no codes
    of its errors; those here are of the page "API errors" (10004 missing, 10015 bad).
"""

import re
from typing import Any, Final

_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_FIELDS: Final[dict[str, type | tuple[str, ...]]] = {
    "to": str,
    "from": str,
    "messaging_profile_id": str,
    "text": str,
    "type": ("SMS",),
    "use_profile_webhooks": bool,
}


def wrong_with(body: Any) -> tuple[str, str] | None:
    """Return the vendor's error code and what is wrong with the body, or None."""
    if not isinstance(body, dict):
        return "10015", "the body is not a JSON object"
    for name, value in body.items():
        kind = _FIELDS.get(name)
        if kind is None:
            return "10015", f"/{name} is not a field of a text message"
        if not (value in kind if isinstance(kind, tuple) else isinstance(value, kind)):
            return "10015", f"/{name} has a value the API does not take"
    return _missing(body)


def _missing(body: dict[str, Any]) -> tuple[str, str] | None:
    for name in ("to", "text"):
        if not body.get(name):
            return "10004", f"/{name} is required"
    if not (body.get("from") or body.get("messaging_profile_id")):
        return "10004", "/from or /messaging_profile_id is required"
    if not _E164.fullmatch(body["to"]):
        return "10015", "/to is not a +E.164 number"
    return None


def queued(body: dict[str, Any], *, number: int) -> dict[str, Any]:
    """Return the answer to a message that was taken."""
    return {
        "record_type": "message",
        "direction": "outbound",
        "id": f"40385f64-5717-4562-b3fc-{number:012x}",
        "type": body.get("type", "SMS"),
        "messaging_profile_id": body.get("messaging_profile_id"),
        "from": {"phone_number": body.get("from", ""), "carrier": "", "line_type": ""},
        "to": [
            {
                "phone_number": body["to"],
                "status": "queued",
                "carrier": "",
                "line_type": "Wireless",
            }
        ],
        "text": body["text"],
        "media": [],
        "encoding": "GSM-7",
        "parts": 1,
        "errors": [],
        "tags": [],
    }
