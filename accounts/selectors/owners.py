"""Who owns the open clinic, for letters."""

from uuid import UUID

from accounts.models import Membership, Organization
from accounts.permissions import Role


def list_owner_ids() -> list[UUID]:
    """Return the ids of the owners, the first joined first."""
    owners = Membership.objects.filter(role=Role.OWNER, ended_at=None)
    return list(owners.order_by("created_at", "id").values_list("user_id", flat=True))


def find_address(*, owner_id: UUID) -> str | None:
    """Return where an owner gets letters; None once they are none any more."""
    owner = (
        Membership.objects.select_related("user")
        .filter(role=Role.OWNER, ended_at=None, user_id=owner_id)
        .first()
    )
    return owner.user.email if owner and owner.user.is_active else None


def get_clinic_name(*, organization_id: UUID) -> str:
    """Return how the clinic is called."""
    return Organization.objects.get(pk=organization_id).name
