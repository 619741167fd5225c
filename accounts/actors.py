"""Who is asking, as every selector and service sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from accounts.errors import PermissionMissingError, WholeClinicError
from accounts.permissions import WHOLE_CLINIC, Permission


class Ask(StrEnum):
    """What a session must still show before it may do anything."""

    SET_UP_FACTOR = "set_up_factor"
    SHOW_FACTOR = "show_factor"
    PROVE_MAILBOX = "prove_mailbox"
    USE_SSO = "use_sso"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person or a key, within one organization.

    Attributes:
        kind: ``user`` or ``api_key``, as the record names it.
        permissions: What they may do now: nothing while a second factor is asked for.
        role: The word of `permissions.Role` it comes from; empty for a key.
        asks_for: What stands between this session and its permissions.
        factor_at: When the second factor was last shown in this session, UTC.
        limits: Ids of the places (``location``) and receptionists (``agent``) whose
            calls they see; None for all.
    """

    kind: str
    id: UUID
    organization_id: UUID
    permissions: frozenset[Permission]
    role: str = ""
    asks_for: Ask | None = None
    factor_at: datetime | None = None
    limits: Mapping[str, frozenset[UUID]] | None = None

    def may(self, permission: Permission) -> bool:
        """Return whether the actor holds the permission."""
        return permission in self.permissions and not self._sees_too_little(permission)

    def require(self, permission: Permission) -> None:
        """Let the actor pass, or refuse.

        Raises:
            PermissionMissingError: If the actor does not hold the permission.
            WholeClinicError: If who sees a part of the clinic never holds it.
        """
        if self._sees_too_little(permission):
            raise WholeClinicError
        if permission not in self.permissions:
            raise PermissionMissingError

    def require_for_all_calls(self, permission: Permission) -> None:
        """Let the actor pass who holds it and sees the whole clinic, or refuse.

        For a part of what the permission opens that counts what all calls make.

        Raises:
            PermissionMissingError: If the actor does not hold the permission.
            WholeClinicError: If they see a part of the clinic.
        """
        if self.limits is not None:
            raise WholeClinicError
        self.require(permission)

    def _sees_too_little(self, permission: Permission) -> bool:
        return self.limits is not None and permission in WHOLE_CLINIC
