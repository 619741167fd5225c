"""Refuse early, without counting."""

from datetime import datetime

from accounts.guessing.counters import key_hmac
from accounts.guessing.errors import TooManyTriesError
from accounts.guessing.limits import Limit
from accounts.guessing.models import TryCounter


def require_tries_left(*, limit: Limit, key: str, now: datetime) -> None:
    """Let pass whoever has a try left; it still has to be taken.

    Raises:
        TooManyTriesError: If the key is locked.
    """
    counter = TryCounter.objects.filter(
        kind=limit.kind, key_hmac=key_hmac(limit, key), locked_until__gt=now
    ).first()
    if counter is not None and counter.locked_until is not None:
        raise TooManyTriesError(wait_s=(counter.locked_until - now).total_seconds())
