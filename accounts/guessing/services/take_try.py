"""Take a try before it is made, so that a hundred at once are no more than ten."""

from datetime import datetime

from django.db import transaction

from accounts.guessing.counters import lock_counter
from accounts.guessing.errors import TooManyTriesError
from accounts.guessing.limits import Limit


@transaction.atomic
def take_try(*, limit: Limit, key: str, now: datetime) -> int:
    """Count a try and return how many there were of late, this one included.

    The last one locks: it may still be made, and opens the lock again if it was right
    (`give_back_try`, `forget_tries`). Called within another transaction, the count
    stands or falls with it, and others wait for its end.

    Raises:
        TooManyTriesError: If there are none left; it is not counted then.
    """
    counter = lock_counter(limit, key, now)
    if counter.locked_until is not None and counter.locked_until > now:
        raise TooManyTriesError(wait_s=(counter.locked_until - now).total_seconds())
    counter.tried_at.append(now)
    number = len(counter.tried_at)
    counter.locked_until = now + limit.lock if number >= limit.tries else None
    counter.save(update_fields=["tried_at", "locked_until"])
    return number
