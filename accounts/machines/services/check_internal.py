"""Say whether a request may come to /internal/: by its address, then by its key."""

import hashlib
import hmac
from datetime import datetime
from ipaddress import ip_address

from django.conf import settings
from rest_framework.exceptions import Throttled

from accounts.machines.services.count_hit import count_hit, is_first_hit
from sondervoice.kernel import audit


def is_from_inside(address: str) -> bool:
    """Return whether the address is in one of INTERNAL_ALLOWED_ADDRESSES."""
    found = ip_address(address)
    return any(found in one for one in settings.INTERNAL_ALLOWED_ADDRESSES)


def is_internal_key(words: str) -> bool:
    """Return whether these are the words of one of the internal keys."""
    offered = hashlib.sha256(words.encode("utf-8", "replace")).digest()
    # All are compared, so that how long it takes tells nothing.
    same = [hmac.compare_digest(offered, one) for one in settings.INTERNAL_KEY_HASHES]
    return any(same)


def limit_internal(*, address: str, now: datetime) -> None:
    """Count one request from this address.

    Raises:
        Throttled: If there were too many in this minute.
    """
    hits = count_hit(kind="internal request from", subject=address, now=now)
    if hits.count > settings.TOKEN_TRIES_AN_ADDRESS:
        raise Throttled(wait=hits.wait_s)


def note_internal_refusal(*, reason: str, address: str, now: datetime) -> None:
    """Record that a request was refused, once a minute, address and reason.

    Args:
        reason: ``address``, ``key`` or ``gateway_token``.
    """
    if is_first_hit(kind=f"refused internal: {reason}", subject=address, now=now):
        audit.record(
            audit.Entry(
                action="accounts.internal.refused",
                organization_id=None,
                actor_kind="system",
                actor_id=None,
                subject_kind="internal",
                subject_id=None,
                facts={reason: True},
            )
        )
