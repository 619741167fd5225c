"""The clinics of one person, also outside any scope."""

from dataclasses import dataclass
from uuid import UUID

from accounts.models import Membership, User
from accounts.way_in import organizations_for_user
from sondervoice.kernel import tenancy


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnClinic:
    """A clinic, and what the person is to it."""

    id: UUID
    name: str
    role: str


def list_own_clinics(*, user: User) -> list[OwnClinic]:
    """Return the clinics the person belongs to, the first joined first.

    Each is asked for in its own scope: nothing shows two clinics at once.
    """
    return [_read(user, one) for one in organizations_for_user(user.pk)]


def _read(user: User, organization_id: UUID) -> OwnClinic:
    with tenancy.scope(organization_id):
        found = Membership.objects.select_related("organization").get(user=user)
        name = found.organization.name
        return OwnClinic(id=organization_id, name=name, role=found.role)
