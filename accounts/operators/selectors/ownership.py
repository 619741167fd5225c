"""Whether a clinic has lost its owner, so that two operators may give it one."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from accounts.clinic_closing import is_being_closed
from accounts.models import Membership
from accounts.operators.errors import (
    BeingClosedError,
    OwnerAwaitedError,
    OwnerClosedLatelyError,
    OwnerStandsError,
)
from accounts.operators.models import OperatorAct
from accounts.permissions import Role
from sondervoice.kernel.errors import ConflictError

# So long an owner has to answer the letter that says that their account is closed.
DAYS_TO_ANSWER: Final = timedelta(days=7)


def why_no_owner_is_given(
    people: QuerySet[Membership] | None = None,
) -> ConflictError | None:
    """Return why the open clinic is given no owner, or None if it has lost its own.

    An owner whose account is closed is none: nobody can sign in as them.

    Args:
        people: Its memberships, where another role than the open scope's reads them.
    """
    members = Membership.objects.all() if people is None else people
    owners = members.filter(role=Role.OWNER)
    if owners.filter(ended_at=None, user__is_active=True).exists():
        return OwnerStandsError()
    if is_being_closed():
        return BeingClosedError()
    return None if owners.exists() else OwnerAwaitedError()


def why_it_is_too_early(*, now: datetime) -> ConflictError | None:
    """Return that operators have just closed an owner's account here, or None.

    Else two of them could close it and name another at once, with nobody to object.
    Call it in the clinic's scope, which reads of what concerned it.
    """
    owners = Membership.objects.filter(role=Role.OWNER, ended_at=None)
    closed = OperatorAct.objects.filter(
        kind=OperatorAct.Kind.PERSON_CLOSE,
        approved_at__gt=now - DAYS_TO_ANSWER,
        user__in=owners.values("user_id"),
    )
    return OwnerClosedLatelyError() if closed.exists() else None


def is_owner_closed_lately(*, now: datetime) -> bool:
    """Return whether its agency waits too: see `accounts.owner_closed`."""
    return why_it_is_too_early(now=now) is not None
