"""Whether a clinic has lost its owner, so that two operators may give it one."""

from accounts.clinic_closing import is_being_closed
from accounts.models import Membership
from accounts.operators.errors import (
    BeingClosedError,
    OwnerAwaitedError,
    OwnerStandsError,
)
from accounts.permissions import Role
from sondervoice.kernel.errors import ConflictError


def why_no_owner_is_given() -> ConflictError | None:
    """Return why the open clinic is given no owner, or None if it has lost its own.

    An owner whose account is closed is none: nobody can sign in as them.
    """
    owners = Membership.objects.filter(role=Role.OWNER)
    if owners.filter(ended_at=None, user__is_active=True).exists():
        return OwnerStandsError()
    if is_being_closed():
        return BeingClosedError()
    return None if owners.exists() else OwnerAwaitedError()
