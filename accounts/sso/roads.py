"""The roads people come by: Google, Microsoft, or one clinic's directory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from accounts.sso.errors import SsoConnectionNotFoundError
from accounts.sso.models import SsoConnection
from accounts.sso.providers import Provider, provider_of, social_providers
from accounts.sso.selectors.connections import get_usable_connection
from accounts.sso.way_in import find_organization_for_connection
from sondervoice.kernel import tenancy


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """One road.

    Attributes:
        connection: Of the clinic; None for Google and Microsoft.
        provider: As OpenID Connect needs it; None where SAML is spoken.
    """

    word: str
    connection: SsoConnection | None
    provider: Provider | None

    @property
    def organization_id(self) -> UUID | None:
        """Whose road it is."""
        return self.connection.organization_id if self.connection else None

    @property
    def connection_id(self) -> UUID | None:
        """The connection's id."""
        return self.connection.id if self.connection else None


def get_road(name: str, *, is_test: bool = False) -> Road:
    """Return the road of this name, read in a short transaction of its own.

    Raises:
        SsoConnectionNotFoundError: If there is none, or it is closed.
        SsoNotInPlanError: If the clinic's plan has none of this.
    """
    known = social_providers().get(name)
    if known is not None:
        return Road(word=known.word, connection=None, provider=known)
    connection_id = _read_id(name)
    organization_id = find_organization_for_connection(connection_id)
    if organization_id is None:
        raise SsoConnectionNotFoundError
    with tenancy.scope(organization_id):
        found = get_usable_connection(
            organization_id=organization_id,
            connection_id=connection_id,
            is_test=is_test,
        )
    is_oidc = found.kind == SsoConnection.Kind.OIDC
    return Road(
        word=found.label,
        connection=found,
        provider=provider_of(found) if is_oidc else None,
    )


@contextmanager
def clinic_of(road: Road) -> Iterator[None]:
    """Open the scope of the road's clinic; nothing for a road that is no clinic's."""
    if road.organization_id is None:
        yield
    else:
        with tenancy.scope(road.organization_id):
            yield


def _read_id(name: str) -> UUID:
    try:
        return UUID(name)
    except ValueError:
        raise SsoConnectionNotFoundError from None
