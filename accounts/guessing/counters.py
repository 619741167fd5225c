"""The row that counts a key's tries, locked while it changes."""

from datetime import datetime

from django.utils.crypto import salted_hmac

from accounts.guessing.limits import Limit
from accounts.guessing.models import TryCounter


def key_hmac(limit: Limit, key: str) -> bytes:
    """Return what is kept of a key: nothing that leads back to it."""
    return salted_hmac(
        "accounts.guessing", f"{limit.kind}:{key}", algorithm="sha256"
    ).digest()


def lock_counter(limit: Limit, key: str, now: datetime) -> TryCounter:
    """Return the key's row, made if need be, locked until the transaction ends.

    The insert that becomes an update locks the row as well, so that of many at once
    each sees what the ones before it wrote, and none finds the row gone.
    """
    hashed = key_hmac(limit, key)
    TryCounter.objects.bulk_create(
        [TryCounter(kind=limit.kind, key_hmac=hashed, touched_at=now)],
        update_conflicts=True,
        update_fields=["touched_at"],
        unique_fields=["kind", "key_hmac"],
    )
    counter = TryCounter.objects.get(kind=limit.kind, key_hmac=hashed)
    counter.tried_at = [at for at in counter.tried_at if at > now - limit.within]
    return counter
