"""Whether operators have just closed the account of the open clinic's owner: a port.

Operators stand above roles, so they ask by this word; `accounts.operators` answers.
"""

from datetime import datetime
from typing import Protocol


class IsOwnerClosedLately(Protocol):
    """See `accounts.operators.selectors.ownership`."""

    def __call__(self, *, now: datetime) -> bool:
        """Return whether an owner may still answer the letter that says so."""


_installed: list[IsOwnerClosedLately] = []


def install_is_owner_closed_lately(is_so: IsOwnerClosedLately) -> None:
    """Let this one answer; the last that is installed does."""
    _installed[:] = [is_so]


def is_owner_closed_lately(*, now: datetime) -> bool:
    """Return whether an owner may still answer the letter that says so."""
    (is_so,) = _installed
    return is_so(now=now)
