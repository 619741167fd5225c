"""Questions about the directory of the open clinic."""

from uuid import UUID

from accounts.entitlements import Feature, plan_has
from accounts.models import Organization
from accounts.sso.errors import SsoConnectionNotFoundError, SsoNotInPlanError
from accounts.sso.models import DirectoryIdentity, SsoConnection, SsoDomain


def find_connection() -> SsoConnection | None:
    """Return the clinic's connection, if one was ever begun."""
    return SsoConnection.objects.first()


def get_connection(*, connection_id: UUID) -> SsoConnection:
    """Return the clinic's connection of this id.

    Raises:
        SsoConnectionNotFoundError: If there is none.
    """
    found = SsoConnection.objects.filter(pk=connection_id).first()
    if found is None:
        raise SsoConnectionNotFoundError
    return found


def get_usable_connection(
    *, organization_id: UUID, connection_id: UUID, is_test: bool
) -> SsoConnection:
    """Return the connection if somebody may go to its directory now.

    Args:
        is_test: A test may go there before it is switched on.

    Raises:
        SsoNotInPlanError: If the clinic's plan has none of this.
        SsoConnectionNotFoundError: If there is none, or it is off.
    """
    require_plan(Organization.objects.get(pk=organization_id))
    found = get_connection(connection_id=connection_id)
    if not (found.is_on or is_test):
        raise SsoConnectionNotFoundError
    return found


def require_plan(organization: Organization) -> None:
    """Let a clinic pass whose plan has single sign-on.

    Raises:
        SsoNotInPlanError: If it has not.
    """
    if not plan_has(organization.plan, Feature.SSO):
        raise SsoNotInPlanError


def is_proved(*, domain: str) -> bool:
    """Return whether the open clinic has proved the domain."""
    return SsoDomain.objects.filter(domain=domain, proved_at__isnull=False).exists()


def find_identity(*, issuer: str, subject: str) -> DirectoryIdentity | None:
    """Return who this is to the open clinic's directory."""
    return (
        DirectoryIdentity.objects.select_related("user")
        .filter(issuer=issuer, subject=subject)
        .first()
    )
