"""The clinics of one person, also outside any scope."""

from dataclasses import dataclass
from uuid import UUID

from accounts.models import Organization, User
from accounts.permissions import Role
from accounts.selectors.members import granted_to
from accounts.way_in import organizations_for_user
from sondervoice.kernel import tenancy


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnClinic:
    """A clinic, and what the person is to it: a word of `permissions.Role`."""

    id: UUID
    name: str
    role: str

    @property
    def role_name(self) -> str:
        """The role as a page writes it."""
        return self.role.replace("_", " ")

    @property
    def is_joined(self) -> bool:
        """Whether the person is a member, and does not come by their agency."""
        return self.role != Role.AGENCY_ADMINISTRATOR


def list_own_clinics(*, user: User) -> list[OwnClinic]:
    """Return the clinics of the person and their agencies, the first joined first.

    Each is asked for in its own scope: nothing shows two clinics at once.
    """
    return [_read(user, one) for one in organizations_for_user(user.pk)]


def _read(user: User, organization_id: UUID) -> OwnClinic:
    with tenancy.scope(organization_id):
        clinic = Organization.objects.get(pk=organization_id)
        role, _ = granted_to(user=user, organization_id=organization_id)
        return OwnClinic(id=organization_id, name=clinic.name, role=role.value)
