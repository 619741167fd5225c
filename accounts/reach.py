"""Whether somebody may decide about a member at all: a port.

What lifts limits and resets factors stands below roles, so it asks by this word;
`accounts.roles` answers.
"""

from typing import Protocol

from accounts.actors import Actor
from accounts.models import Membership


class Reaches(Protocol):
    """See `accounts.roles.selectors.reach`."""

    def __call__(self, *, actor: Actor, member: Membership) -> bool:
        """Return whether the rules let the actor give the role that the member has."""


_installed: list[Reaches] = []


def install_reaches(reach: Reaches) -> None:
    """Let this one answer; the last that is installed does."""
    _installed[:] = [reach]


def reaches(*, actor: Actor, member: Membership) -> bool:
    """Return whether the rules let the actor give the role that the member has.

    Who may not make somebody what they are neither opens their sign-in nor shows them
    more calls.
    """
    (reach,) = _installed
    return reach(actor=actor, member=member)
