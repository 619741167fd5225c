"""What a person can be limited to, as forms offer it and invitations keep it: a port.

Places and receptionists stand above people, so who invites asks by these words;
`telephony` answers.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.db import models

from accounts.actors import Actor
from accounts.errors import LimitNotFoundError
from accounts.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitChoices:
    """Things of one kind that the calls of a clinic can be narrowed to.

    Attributes:
        title: What they are called together.
        options: Id and name of each.
        none_words: What is said where there are none.
    """

    title: str
    options: Sequence[tuple[str, str]]
    none_words: str


class Narrows(Protocol):
    """See `telephony.selectors.narrowing`."""

    def offer(self, *, actor: Actor) -> list[LimitChoices]:
        """Return all that the open clinic has, kind by kind."""

    def find(self, ids: Collection[UUID]) -> list[models.Model]:
        """Return those of these that the open clinic has."""


_installed: list[Narrows] = []


def install_narrows(narrows: Narrows) -> None:
    """Let this one answer; the last that is installed does."""
    _installed[:] = [narrows]


def may_narrow(actor: Actor) -> bool:
    """Return whether the actor sees what somebody can be limited to."""
    return actor.may(Permission.CALLS_VIEW) and actor.may(Permission.MEMBERS_VIEW)


def require_may_narrow(actor: Actor) -> None:
    """Let an actor pass who sees what somebody can be limited to.

    Raises:
        PermissionMissingError: If they may see neither members nor calls.
    """
    actor.require(Permission.MEMBERS_VIEW)
    actor.require(Permission.CALLS_VIEW)


def offer_choices(*, actor: Actor) -> list[LimitChoices]:
    """Return what the actor may limit somebody to.

    Raises:
        PermissionMissingError: If the actor may see neither members nor calls.
    """
    (narrows,) = _installed
    return narrows.offer(actor=actor)


def find_named(ids: Collection[UUID]) -> list[models.Model]:
    """Return those of these things that are still there, in the open scope."""
    (narrows,) = _installed
    return narrows.find(ids)


def get_named(ids: Collection[UUID | None]) -> list[models.Model]:
    """Return all of these things; None stands for what was no id.

    Raises:
        LimitNotFoundError: If one is not this clinic's, or gone meanwhile: who is
            limited to what is left would see less than somebody meant.
    """
    wanted = set(ids)
    found = find_named([one for one in wanted if one is not None])
    if len(found) != len(wanted):
        there = {one.pk for one in found}
        missing = (one for one in ids if one is not None and one not in there)
        raise LimitNotFoundError(kind="limit", thing_id=next(missing, None))
    return found
