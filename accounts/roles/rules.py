"""Who may give which role to whom, and take it: one table (pure)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from accounts.permissions import ROLE_GRANTS, Permission, Role


class Refusal(StrEnum):
    """Why a role stays as it is."""

    NOT_YOURS = "not_yours"
    OWN_ROLE = "own_role"
    OWNER_GIVES = "owner_gives"
    OWNER_TAKES = "owner_takes"
    MORE_THAN_HELD = "more_than_held"
    LAST_OWNER = "last_owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What somebody is to a clinic.

    Attributes:
        custom_role_id: The clinic's own role, beside which `role` is ``viewer``.
    """

    role: Role
    permissions: frozenset[Permission]
    custom_role_id: UUID | None = None

    @property
    def is_owner(self) -> bool:
        """Whether the clinic is theirs."""
        return self.role is Role.OWNER


def standing_of(role: Role) -> Standing:
    """Return what a role of ours is to a clinic."""
    return Standing(role=role, permissions=ROLE_GRANTS[role])


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of what a person is to a clinic.

    Attributes:
        giver: Of whoever asks for it.
        is_own: They ask for themselves.
        before: Null for somebody who does not belong to the clinic.
        after: Null for somebody who then does not.
        owners: How many others own the clinic, and can sign in.
        may_have_first: The clinic has no owner, and none may come back: see
            `may_have_first_owner`.
    """

    giver: Standing
    is_own: bool
    before: Standing | None
    after: Standing | None
    owners: int
    may_have_first: bool = False

    @property
    def makes_owner(self) -> bool:
        """Whether it makes an owner of somebody who is none."""
        return _is_owner(self.after) and not _is_owner(self.before)

    @property
    def unmakes_owner(self) -> bool:
        """Whether it makes an owner somebody who is none."""
        return _is_owner(self.before) and not _is_owner(self.after)

    @property
    def is_leaving(self) -> bool:
        """Whether somebody goes of their own accord."""
        return self.is_own and self.after is None


def _is_owner(standing: Standing | None) -> bool:
    return standing is not None and standing.is_owner


def _manages_nobody(change: Change) -> bool:
    held = change.giver.permissions
    return not change.is_leaving and Permission.MEMBERS_MANAGE not in held


def _changes_own_role(change: Change) -> bool:
    return change.is_own and change.after is not None


def _gives_what_is_owners(change: Change) -> bool:
    """Only an owner makes owners; the first of a clinic is named by its agency."""
    is_agencys = change.giver.role is Role.AGENCY_ADMINISTRATOR
    is_first = change.may_have_first and is_agencys
    return change.makes_owner and not (change.giver.is_owner or is_first)


def _takes_what_is_owners(change: Change) -> bool:
    is_theirs = change.giver.is_owner or change.is_leaving
    return change.unmakes_owner and not is_theirs


def _gives_more_than_held(change: Change) -> bool:
    """Nobody gives more than they hold, but for the roles of ours among themselves.

    Those are in the table: whoever manages members by one of them gives any other.
    Somebody of a composed role does not, else it would be worth an administrator's.
    Nor does an agency's administrator: who may not read messages or hear calls could
    else do so under a second address. The first owner is theirs to name all the same.
    """
    after = change.after
    if after is None:
        return False
    is_composed = {after.custom_role_id, change.giver.custom_role_id} != {None}
    is_agencys = change.giver.role is Role.AGENCY_ADMINISTRATOR
    is_bounded = is_composed or (is_agencys and not change.makes_owner)
    return is_bounded and not after.permissions <= change.giver.permissions


def _takes_the_last_owner(change: Change) -> bool:
    return change.unmakes_owner and change.owners == 0


RULES: Final[tuple[tuple[Refusal, Callable[[Change], bool]], ...]] = (
    (Refusal.NOT_YOURS, _manages_nobody),
    (Refusal.OWN_ROLE, _changes_own_role),
    (Refusal.OWNER_GIVES, _gives_what_is_owners),
    (Refusal.OWNER_TAKES, _takes_what_is_owners),
    (Refusal.MORE_THAN_HELD, _gives_more_than_held),
    (Refusal.LAST_OWNER, _takes_the_last_owner),
)


def refusal_of(change: Change) -> Refusal | None:
    """Return the first rule that is against the change, or None."""
    return next((word for word, is_broken in RULES if is_broken(change)), None)


def refusal_to_compose(
    *,
    composer: Standing,
    before: frozenset[Permission],
    after: frozenset[Permission],
    is_own: bool,
) -> Refusal | None:
    """Return why a role of the clinic's own may not be made or changed so, or None.

    Args:
        before: What it held; nothing when it is new.
        is_own: It is the composer's own role.
    """
    if Permission.ROLES_MANAGE not in composer.permissions:
        return Refusal.NOT_YOURS
    if is_own:
        return Refusal.OWN_ROLE
    if not (before | after) <= composer.permissions:
        return Refusal.MORE_THAN_HELD
    return None
