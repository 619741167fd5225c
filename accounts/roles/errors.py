"""What can go wrong with roles, in our words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from accounts.roles.rules import Refusal
from sondervoice.kernel.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    RefusedError,
)


class RoleNotFoundError(NotFoundError):
    """No such role, or not one of your clinic's."""

    code = "role_not_found"
    # A form may name one too.
    sought_by: ClassVar[tuple[str, ...]] = ("role_id",)


class RoleNotYoursError(ForbiddenError):
    """It is not yours to give or to take."""

    code = "role_not_yours"


class LastOwnerError(RefusedError):
    """The clinic would have no owner."""

    code = "last_owner"
    message = "A clinic needs an owner. Make somebody else an owner first."


class RoleInUseError(ConflictError):
    """Somebody has the role, or is invited to it."""

    code = "role_in_use"
    message = "People have this role or are invited to it. Give them another one first."


class RoleNameTakenError(ConflictError):
    """Another role of the clinic has the name."""

    code = "role_name_taken"
    message = "Your clinic has a role of this name. Write another name."


_WORDS: Final[Mapping[Refusal, str]] = MappingProxyType(
    {
        Refusal.NOT_YOURS: RoleNotYoursError.message,
        Refusal.OWN_ROLE: "Nobody changes their own role. Another owner or "
        "administrator can.",
        Refusal.OWNER_GIVES: "Only an owner can make somebody an owner.",
        Refusal.OWNER_TAKES: "Only an owner can take the role of an owner away.",
        Refusal.MORE_THAN_HELD: "This role may do more than yours. "
        "An owner can give it.",
    }
)


def error_of(refusal: Refusal) -> RoleNotYoursError | LastOwnerError:
    """Return the error that says a refusal to whoever asked."""
    if refusal is Refusal.LAST_OWNER:
        return LastOwnerError()
    return RoleNotYoursError(_WORDS[refusal])
