"""Who is asking, as every selector and service sees them."""

from dataclasses import dataclass
from uuid import UUID

from accounts.errors import PermissionMissingError
from accounts.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person or a key, within one organization.

    Attributes:
        kind: ``user`` or ``api_key``, as the record names it.
    """

    kind: str
    id: UUID
    organization_id: UUID
    permissions: frozenset[Permission]

    def may(self, permission: Permission) -> bool:
        """Return whether the actor holds the permission."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Let the actor pass, or refuse.

        Raises:
            PermissionMissingError: If the actor does not hold the permission.
        """
        if permission not in self.permissions:
            raise PermissionMissingError
