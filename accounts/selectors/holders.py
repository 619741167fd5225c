"""Who of the open clinic holds a permission, for letters."""

from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Membership
from accounts.permissions import ROLE_GRANTS, WHOLE_CLINIC, Permission


def list_holder_ids(permission: Permission) -> list[UUID]:
    """Return the ids of the active members who hold it, first joined first."""
    return list(_holders(permission).values_list("user_id", flat=True))


def find_holder_address(permission: Permission, *, user_id: UUID) -> str | None:
    """Return where a holder gets letters; None once they hold it no more."""
    found = _holders(permission).filter(user_id=user_id).select_related("user").first()
    return found.user.email if found else None


def _holders(permission: Permission) -> QuerySet[Membership]:
    roles = [role for role, granted in ROLE_GRANTS.items() if permission in granted]
    by_role = Q(custom_role=None, role__in=roles)
    by_own = Q(custom_role__permissions__contains=[permission.value])
    members = Membership.objects.filter(ended_at=None, user__is_active=True)
    if permission in WHOLE_CLINIC:
        members = members.filter(is_limited=False)
    return members.filter(by_role | by_own).order_by("created_at", "id")
