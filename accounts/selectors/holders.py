"""Who of the open clinic holds a permission, for letters."""

from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Membership
from accounts.permissions import ROLE_GRANTS, WHOLE_CLINIC, Permission


def list_holder_ids(
    permission: Permission, *, of_all_calls: bool = False
) -> list[UUID]:
    """Return the ids of the active members who hold it, first joined first.

    Args:
        of_all_calls: Only of those who see the whole clinic.
    """
    found = _holders(permission, of_all_calls=of_all_calls)
    return list(found.values_list("user_id", flat=True))


def find_holder_address(
    permission: Permission, *, user_id: UUID, of_all_calls: bool = False
) -> str | None:
    """Return where a holder gets letters; None once they hold it no more.

    Args:
        of_all_calls: None too for who does not see the whole clinic.
    """
    holders = _holders(permission, of_all_calls=of_all_calls).select_related("user")
    found = holders.filter(user_id=user_id).first()
    return found.user.email if found else None


def _holders(permission: Permission, *, of_all_calls: bool) -> QuerySet[Membership]:
    roles = [role for role, granted in ROLE_GRANTS.items() if permission in granted]
    by_role = Q(custom_role=None, role__in=roles)
    by_own = Q(custom_role__permissions__contains=[permission.value])
    members = Membership.objects.filter(ended_at=None, user__is_active=True)
    if of_all_calls or permission in WHOLE_CLINIC:
        members = members.filter(is_limited=False)
    return members.filter(by_role | by_own).order_by("created_at", "id")
