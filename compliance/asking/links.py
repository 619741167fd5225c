"""The links of letters: an HMAC that nobody else can make, and nothing personal.

``<key id>.<asking>.<expiry>.<subject>.<mac>``; the MAC also covers what the link is for
and whose mailbox or telephone it went to. Nothing secret is stored. Keys are made from
SECRET_KEY; what an older one signed is good while it stands in SECRET_KEY_FALLBACKS.

Source:
    HMAC-SHA256, RFC 2104.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.utils.http import base36_to_int, int_to_base36

from accounts.derived_keys import derive_key
from compliance.asking.contact import secret_id, secret_named

_NOTHING: Final = UUID(int=0)


class LinkPurpose(StrEnum):
    """What a link is for; one of another purpose is worth nothing."""

    CONFIRM = "confirm"
    STATUS = "status"
    PACKAGE = "package"


class LinkFault(StrEnum):
    """Why a link opens nothing; for the record, never for the reader."""

    SHAPE = "shape"
    KEY = "key"
    UNKNOWN = "unknown"
    FORGED = "forged"
    EXPIRED = "expired"
    USED = "used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link says, believed only once `fault_of` has looked.

    Attributes:
        subject_id: What else it is about, as one clinic's answer.
    """

    key_id: str
    asking_id: UUID
    expires_at: datetime
    subject_id: UUID
    mac: bytes


def make_link(
    purpose: LinkPurpose,
    *,
    asking_id: UUID,
    contact: str,
    expires_at: datetime,
    subject_id: UUID = _NOTHING,
) -> str:
    """Return the token of a link.

    Args:
        contact: The address or number it is sent to; only its hash goes into the MAC.
    """
    key_id, seconds = secret_id(), int(expires_at.timestamp())
    head = (key_id, asking_id, seconds, subject_id)
    mac = _mac(purpose, contact, head, secret=None)
    parts = (key_id, _text(asking_id.bytes), int_to_base36(seconds))
    return ".".join((*parts, _text(subject_id.bytes), _text(mac)))


def read_link(token: str) -> Link | None:
    """Return what a token says, or None if it has not the shape of one."""
    try:
        key_id, asking, seconds, subject, mac = token.split(".")
        return Link(
            key_id=key_id,
            asking_id=UUID(bytes=_bytes(asking)),
            expires_at=datetime.fromtimestamp(base36_to_int(seconds), UTC),
            subject_id=UUID(bytes=_bytes(subject)),
            mac=_bytes(mac),
        )
    except (ValueError, NotBase64, OverflowError, OSError):
        return None


def fault_of(
    link: Link, *, purpose: LinkPurpose, contact: str, now: datetime
) -> LinkFault | None:
    """Return why the link opens nothing, or None if it is ours and young enough."""
    secret = secret_named(link.key_id)
    if secret is None:
        return LinkFault.KEY
    seconds = int(link.expires_at.timestamp())
    head = (link.key_id, link.asking_id, seconds, link.subject_id)
    if not hmac.compare_digest(_mac(purpose, contact, head, secret=secret), link.mac):
        return LinkFault.FORGED
    return LinkFault.EXPIRED if now >= link.expires_at else None


def _mac(
    purpose: LinkPurpose,
    contact: str,
    head: tuple[str, UUID, int, UUID],
    *,
    secret: str | None,
) -> bytes:
    key_id, asking_id, seconds, subject_id = head
    whose = hashlib.sha256(contact.encode()).hexdigest()
    said = (key_id, purpose.value, asking_id.hex, whose, seconds, subject_id.hex)
    key = derive_key("compliance.asking.link", secret=secret)
    # No part holds a bar, so no two sets of parts read alike.
    return hmac.new(key, "|".join(map(str, said)).encode(), hashlib.sha256).digest()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    # The last sign of base64 has bits to spare: one value has one spelling.
    if _text(raw) != text:
        raise ValueError
    return raw
