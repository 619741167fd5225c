"""What becomes of somebody's keys when their standing changes: a port.

Roles stand below keys, so they ask by this word; `accounts.machines` answers.
"""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from accounts.actors import Actor

# Which keys go on: all, none, or those with these ids.
KeptKeys = bool | frozenset[UUID]


class SettleKeys(Protocol):
    """See `accounts.machines.services.settle_keys`."""

    def __call__(
        self,
        *,
        actor: Actor,
        user_id: UUID | None,
        keep: KeptKeys = False,
        now: datetime,
    ) -> int:
        """End the keys that the person may not answer for any more, or keep them."""


_installed: list[SettleKeys] = []


def install_settle_keys(settle: SettleKeys) -> None:
    """Let this one answer; the last that is installed does."""
    _installed[:] = [settle]


def settle_keys(
    *, actor: Actor, user_id: UUID | None, keep: KeptKeys = False, now: datetime
) -> int:
    """End the keys that the person may not answer for any more, or keep them.

    Returns:
        How many keys ended or changed hands.

    Raises:
        PermissionMissingError: If they are to be kept by who may not make keys.
        ScopeTooWideError: If one holds more than the actor does.
    """
    (settle,) = _installed
    return settle(actor=actor, user_id=user_id, keep=keep, now=now)
