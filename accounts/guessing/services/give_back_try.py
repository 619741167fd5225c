"""Give back a try that was no guess."""

from datetime import datetime

from django.db import transaction

from accounts.guessing.counters import lock_counter
from accounts.guessing.limits import Limit


@transaction.atomic
def give_back_try(*, limit: Limit, key: str, taken_at: datetime) -> None:
    """Take away the one try of this moment, and the lock it may have brought.

    The others stay: a guesser who is right about an account of their own has not
    bought more guesses at others'.
    """
    counter = lock_counter(limit, key, taken_at)
    if taken_at not in counter.tried_at:
        return
    counter.tried_at.remove(taken_at)
    if len(counter.tried_at) < limit.tries:
        counter.locked_until = None
    counter.save(update_fields=["tried_at", "locked_until"])
