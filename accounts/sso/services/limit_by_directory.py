"""Let a member see the calls that the line of their group names."""

from collections.abc import Sequence
from datetime import datetime

from django.db import models

from accounts.limit_choices import find_named
from accounts.limits import granted_to
from accounts.models import Membership
from accounts.services.limit_member import renew_limits
from accounts.sso.models import SsoConnection
from accounts.sso.record import nobody
from accounts.sso.role_map import NO_GROUP


def limit_by_directory(
    *,
    connection: SsoConnection,
    member: Membership,
    group: str,
    is_new: bool,
    now: datetime,
) -> None:
    """Apply the limits of one line at a sign-in of somebody who is no owner.

    What is gone meanwhile is passed over: where nothing is left, they see nothing.

    Args:
        group: Of the line that gave the role; `NO_GROUP` where none fits.
        is_new: The membership was made a moment ago.
    """
    named = connection.limited_to(group)
    if named is None:
        if not _may_lift(member, group):
            return
        seen = None
    else:
        seen = find_named(named)
        if _is_as_wanted(member, seen):
            return
    renew_limits(
        actor=nobody(member),
        member=member,
        to=seen,
        now=now,
        by_directory=True,
        is_new=is_new,
    )


def _may_lift(member: Membership, group: str) -> bool:
    """Return whether a line without limits takes away those that a line gave.

    What somebody set by hand is theirs to lift; and who has fallen out of all groups
    does not see more by it.
    """
    return member.is_limited and member.limits_by_directory and group != NO_GROUP


def _is_as_wanted(member: Membership, wanted: Sequence[models.Model]) -> bool:
    """Return whether the member sees this already, or by hand a part of it."""
    if not member.is_limited:
        return False
    granted = granted_to(member.user_id).values()
    sees = {one.pk for one in find_named([pk for ids in granted for pk in ids])}
    most = {one.pk for one in wanted}
    return sees == most if member.limits_by_directory else sees <= most
