"""Let the people of a clinic go that is being closed."""

from datetime import datetime
from typing import Final
from uuid import UUID

from accounts.models import CustomRole, Membership
from accounts.permissions import Permission, Role
from accounts.services.end_sessions import end_member_sessions
from compliance.closing.models import Closing
from compliance.closing.way_in import empty_person

_ROLE: Final = "Closing"
# All that an owner still does once the doors are shut: release what is held.
_LEFT: Final = (Permission.RETENTION_VIEW, Permission.RETENTION_MANAGE)


def end_memberships(closing: Closing, *, owners_stay: bool, now: datetime) -> int:
    """End sessions and memberships in the open scope; return how many ended.

    Args:
        owners_stay: Owners keep what releases a legal hold, and nothing else: nobody
            but they could.
    """
    present = Membership.objects.select_for_update(of=("self",)).filter(ended_at=None)
    count = 0
    for member in present.order_by("id"):
        end_member_sessions(user_id=member.user_id)
        if owners_stay and member.role == Role.OWNER:
            member.custom_role = _role_left(closing, now=now)
            member.role = Role.VIEWER
            member.save(update_fields=["custom_role", "role"])
            continue
        member.ended_at = now
        member.save(update_fields=["ended_at"])
        count += 1
    return count


def _role_left(closing: Closing, *, now: datetime) -> CustomRole:
    role, _ = CustomRole.objects.get_or_create(
        organization_id=closing.organization_id,
        name=f"{_ROLE} {closing.id}",
        defaults={"permissions": list(_LEFT), "created_at": now},
    )
    return role


def empty_accounts(closing: Closing) -> list[UUID]:
    """Empty the accounts of who belongs nowhere else; return whose.

    Who was let go before the closing has an account of their own, which is theirs to
    close.
    """
    left: list[UUID] = list(
        Membership.objects.filter(ended_at__gte=closing.erasing_at)
        .order_by("id")
        .values_list("user_id", flat=True)
    )
    return [user_id for user_id in left if empty_person(user_id)]
