"""By which roads a person may come in, and which they have connected."""

from dataclasses import dataclass
from uuid import UUID

from accounts.entitlements import Feature, plan_has
from accounts.models import Organization, User
from accounts.sso.models import DirectoryIdentity, SocialIdentity
from accounts.sso.providers import social_providers
from accounts.sso.selectors.connections import find_connection
from accounts.way_in import organizations_for_user
from sondervoice.kernel import tenancy


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRoad:
    """One road.

    Attributes:
        name: As `accounts.sso.roads` calls it.
        clinic: Whose directory; empty for Google and Microsoft.
        organization_id: The same; None for Google and Microsoft.
        identity_id: Of who they are there, once connected.
    """

    name: str
    word: str
    clinic: str
    organization_id: UUID | None
    identity_id: UUID | None


def list_own_roads(*, user: User) -> list[OwnRoad]:
    """Return the directories of their clinics, then Google and Microsoft."""
    found = [_directory(user, one) for one in organizations_for_user(user.pk)]
    return [one for one in found if one is not None] + _social(user)


def has_other_way_in(*, user: User, identity_id: UUID) -> bool:
    """Return whether the person could still sign in without this account elsewhere.

    One of theirs that is switched off, or not offered any more, is no way in.
    """
    if user.has_usable_password():
        return True
    known = {one.identity_id for one in list_own_roads(user=user)}
    return bool(known - {None, identity_id})


def _directory(user: User, organization_id: UUID) -> OwnRoad | None:
    with tenancy.scope(organization_id):
        organization = Organization.objects.get(pk=organization_id)
        connection = find_connection()
        if connection is None or not connection.is_on:
            return None
        if not plan_has(organization.plan, Feature.SSO):
            return None
        identity = DirectoryIdentity.objects.filter(user=user).first()
        return OwnRoad(
            name=str(connection.id),
            word=connection.label,
            clinic=organization.name,
            organization_id=organization_id,
            identity_id=identity.id if identity else None,
        )


def _social(user: User) -> list[OwnRoad]:
    mine = SocialIdentity.objects.filter(user=user)
    known = {_provider_of(one.issuer): one.id for one in mine}
    return [
        OwnRoad(
            name=name,
            word=one.word,
            clinic="",
            organization_id=None,
            identity_id=known.get(name),
        )
        for name, one in social_providers().items()
    ]


def _provider_of(issuer: str) -> str:
    """Return the word of the provider that makes tokens of this issuer."""
    for name, one in social_providers().items():
        head = one.issuer.rpartition("/v2.0")[0].rpartition("/")[0] or one.issuer
        if issuer.startswith(head):
            return name
    return ""
