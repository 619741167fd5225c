"""How a machine signs in: `Authorization: Api-Key sv_<prefix>_<secret>`."""

import hashlib
import hmac

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.models import ApiKey
from accounts.permissions import SCOPE_GRANTS
from accounts.way_in import organization_for_api_key
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now


class ApiKeyAuthentication(BaseAuthentication):
    """Finds the key's organization, then checks the key within its scope."""

    def authenticate(self, request: Request) -> tuple[Actor, str] | None:
        """Return the key as an actor, or None when no key was sent.

        Raises:
            AuthenticationFailed: If the key is unknown, wrong, expired or revoked; all
                look the same.
        """
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0].lower() != "api-key":
            return None
        parts = words[1].split("_", 2) if len(words) == 2 else []
        actor = _check(parts[1], parts[2]) if len(parts) == 3 else None
        if actor is None:
            raise AuthenticationFailed("This key is not valid.", code="key_invalid")
        return actor, "api_key"

    def authenticate_header(self, request: Request) -> str:
        """Return what the 401 asks for."""
        return "Api-Key"


def _check(prefix: str, secret: str) -> Actor | None:
    organization_id = organization_for_api_key(prefix)
    if organization_id is None:
        return None
    offered = hashlib.sha256(secret.encode()).digest()
    with tenancy.scope(organization_id):
        key = ApiKey.objects.filter(prefix=prefix, revoked_at=None).first()
        if key is None or not hmac.compare_digest(bytes(key.secret_sha256), offered):
            return None
        now = utc_now()
        if key.expires_at is not None and key.expires_at <= now:
            return None
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    granted = frozenset().union(*(SCOPE_GRANTS[word] for word in key.scopes))
    return Actor(
        kind="api_key",
        id=key.pk,
        organization_id=organization_id,
        permissions=granted,
    )
