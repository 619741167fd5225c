"""How a program signs in: with a clinic's key, or with a person's token.

``Authorization: Api-Key sv_<prefix>_<secret>`` or ``Authorization: Bearer <token>``.
"""

from typing import Final
from uuid import UUID

from django.db import transaction
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.client_address import client_address
from accounts.machines.selectors.families import Dead, find_actor_of_token
from accounts.machines.services.check_key import check_key
from accounts.machines.services.note_refusal import note_token_refusal
from accounts.machines.services.note_use import note_use
from accounts.machines.tokens import BadTokenError, read_access
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.tenancy import set_local

BOTH: Final = "Api-Key, Bearer"


class ApiKeyAuthentication(BaseAuthentication):
    """Finds the key's organization, then checks the key within its scope."""

    def authenticate(self, request: Request) -> tuple[Actor, str] | None:
        """Return the key as an actor, or None when no key was sent.

        Raises:
            AuthenticationFailed: If the key is unknown, wrong, expired, ended, or used
                from elsewhere; all look the same.
        """
        sent = _sent(request, "api-key")
        if sent is None:
            return None
        parts = sent.split("_", 2)
        actor = None
        if len(parts) == 3:
            actor = check_key(
                prefix=parts[1].replace("\0", ""),
                secret=parts[2],
                address=client_address(request),
                now=utc_now(),
            )
        if actor is None:
            raise AuthenticationFailed("This key is not valid.", code="key_invalid")
        return actor, "api_key"

    def authenticate_header(self, request: Request) -> str:
        """Return what the 401 asks for."""
        return BOTH


class TokenAuthentication(BaseAuthentication):
    """Finds the person of an access token, as a member of the token's clinic."""

    def authenticate(self, request: Request) -> tuple[Actor, UUID] | None:
        """Return the person and their tokens' family, or None when none was sent.

        Raises:
            AuthenticationFailed: If the token is not ours, is over, or its person has
                left; all look the same.
        """
        sent = _sent(request, "bearer")
        if sent is None:
            return None
        found = _person(sent, client_address(request))
        if found is None:
            raise AuthenticationFailed("This token is not valid.", code="token_invalid")
        return found

    def authenticate_header(self, request: Request) -> str:
        """Return what the 401 asks for."""
        return BOTH


def _person(text: str, address: str) -> tuple[Actor, UUID] | None:
    now = utc_now()
    try:
        claims = read_access(text)
    except BadTokenError as error:
        note_token_refusal(reason=error.reason, address=address, user_id=None, now=now)
        return None
    with transaction.atomic():
        set_local("app.user_id", str(claims.user_id))
        found = find_actor_of_token(claims, now=now)
        if isinstance(found, Actor):
            note_use(claims.family_id, now=now)
    if isinstance(found, Dead):
        note_token_refusal(
            reason=found.reason, address=address, user_id=claims.user_id, now=now
        )
        return None
    return found, claims.family_id


def _sent(request: Request, scheme: str) -> str | None:
    """Return what stands after the scheme, empty if it is not one word."""
    words = get_authorization_header(request).decode("latin-1").split()
    if not words or words[0].lower() != scheme:
        return None
    return words[1] if len(words) == 2 else ""
