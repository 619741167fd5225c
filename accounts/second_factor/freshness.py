"""How long a second factor counts for what must not be done from a forgotten desk."""

from datetime import datetime, timedelta
from typing import Final

from accounts.actors import Actor
from accounts.second_factor.errors import SecondFactorStaleError

FRESH: Final = timedelta(minutes=5)


def is_fresh(factor_at: datetime | None, *, now: datetime) -> bool:
    """Return whether a factor shown then still counts."""
    return factor_at is not None and now - factor_at <= FRESH


def require_fresh_factor(actor: Actor, *, now: datetime) -> None:
    """Let the actor pass, or ask for the second factor again.

    Raises:
        SecondFactorStaleError: If it was shown more than five minutes ago, or never.
    """
    if not is_fresh(actor.factor_at, now=now):
        raise SecondFactorStaleError
