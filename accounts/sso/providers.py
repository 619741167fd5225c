"""Who can vouch for a person by OpenID Connect, and how we are known to them."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from accounts.sso.models import SsoConnection
from accounts.sso.secrets import unseal


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider of OpenID Connect.

    Attributes:
        word: As its button says it.
        groups_claim: Where it names groups; empty when nobody asks.
    """

    word: str
    issuer: str
    client_id: str
    secret: str
    groups_claim: str = ""


GOOGLE: Final = "google"
MICROSOFT: Final = "microsoft"


def social_providers() -> dict[str, Provider]:
    """Return those whose client id and secret are set, by the word of their address."""
    found = {}
    if settings.GOOGLE_CLIENT_ID and settings.GOOGLE_CLIENT_SECRET:
        found[GOOGLE] = Provider(
            word="Google",
            issuer=settings.GOOGLE_ISSUER,
            client_id=settings.GOOGLE_CLIENT_ID,
            secret=settings.GOOGLE_CLIENT_SECRET,
        )
    if settings.MICROSOFT_CLIENT_ID and settings.MICROSOFT_CLIENT_SECRET:
        found[MICROSOFT] = Provider(
            word="Microsoft",
            issuer=settings.MICROSOFT_ISSUER,
            client_id=settings.MICROSOFT_CLIENT_ID,
            secret=settings.MICROSOFT_CLIENT_SECRET,
        )
    return found


def provider_of(connection: SsoConnection) -> Provider:
    """Return the clinic's own.

    Raises:
        SsoRefusedError: If its secret does not open any more.
    """
    sealed = connection.sealed_secret
    secret = unseal(bytes(sealed), row_id=connection.id).decode() if sealed else ""
    return Provider(
        word=connection.label,
        issuer=connection.issuer,
        client_id=connection.client_id,
        secret=secret,
        groups_claim=connection.groups_claim,
    )
