"""Begin to count anew."""

from accounts.guessing.counters import key_hmac
from accounts.guessing.limits import Limit
from accounts.guessing.models import TryCounter


def forget_tries(*, limit: Limit, key: str) -> None:
    """Forget all tries of the key: somebody has shown that it is theirs."""
    TryCounter.objects.filter(kind=limit.kind, key_hmac=key_hmac(limit, key)).update(
        tried_at=[], locked_until=None
    )
