"""Telnyx's signature on a webhook, checked on the raw bytes (pure).

Source:
    Telnyx documentation, "Receiving webhooks" (read 2026-11): Ed25519 over
    ``{timestamp}|{body}``, base64 in `telnyx-signature-ed25519`; the timestamp is in
    Unix seconds; five minutes either way are accepted.
"""

import base64
import binascii
from datetime import datetime
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from telephony.carrier.port import NoticeRefusedError

TOLERANCE_S: Final = 300


def check_signature(
    *, body: bytes, signature: str, timestamp: str, public_key: str, now: datetime
) -> None:
    """Let the webhook pass, or refuse it.

    Args:
        signature: Base64 of 64 bytes.
        timestamp: Unix seconds in decimal.
        public_key: Base64 of 32 bytes.

    Raises:
        NoticeRefusedError: If it is unsigned, forged, or more than 300 s away.
    """
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 12):
        raise NoticeRefusedError("timestamp")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_S:
        raise NoticeRefusedError("stale")
    try:
        signed = base64.b64decode(signature, validate=True)
        _key(public_key).verify(signed, timestamp.encode() + b"|" + body)
    except (binascii.Error, ValueError, InvalidSignature):
        raise NoticeRefusedError("signature") from None


@lru_cache(maxsize=4)
def _key(public_key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
