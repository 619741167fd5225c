"""What our own machines ask of each other, under `/internal/`.

Not part of the API that clinics see. Without INTERNAL_API_KEYS there is nothing here.
"""

from typing import Any, Final, cast

from django.conf import settings
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.client_address import client_address
from accounts.machines.models import GatewayToken
from accounts.machines.selectors.gateway_tokens import (
    ends_at,
    find_gateway_token,
    is_live,
    list_gateway_tokens,
)
from accounts.machines.services.check_internal import (
    is_from_inside,
    is_internal_key,
    limit_internal,
    note_internal_refusal,
)
from accounts.machines.services.rotate_gateway_token import rotate_gateway_token
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.errors import NotFoundError

SHOWN_AT_MOST: Final = 20


class InternalView(APIView):
    """Lets through who comes from inside, then asks for its secret."""

    permission_classes = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what comes from elsewhere before its key is looked at.

        Raises:
            NotFoundError: If the product has no internal key.
            PermissionDenied: If the address is not one of ours.
        """
        if not settings.INTERNAL_KEY_HASHES:
            raise NotFoundError
        now, address = utc_now(), client_address(request)
        limit_internal(address=address, now=now)
        if not is_from_inside(address):
            note_internal_refusal(reason="address", address=address, now=now)
            raise PermissionDenied("This address may not ask here.")
        super().initial(request, *args, **kwargs)


class _Words(BaseAuthentication):
    """Finds the words that stand after the scheme, and has them checked."""

    scheme: str
    reason: str

    def authenticate(self, request: Request) -> tuple[Any, None]:
        """Return what the words open.

        Raises:
            AuthenticationFailed: If they are missing or open nothing.
        """
        sent = get_authorization_header(request).decode("latin-1").split()
        is_ours = len(sent) == 2 and sent[0].lower() == self.scheme.lower()
        found = self.find(sent[1]) if is_ours else None
        if not found:
            address = client_address(request)
            note_internal_refusal(reason=self.reason, address=address, now=utc_now())
            raise AuthenticationFailed(
                "This is not valid.", code=f"{self.reason}_invalid"
            )
        return found, None

    def find(self, words: str) -> Any:
        """Return what the words open, or nothing."""
        raise NotImplementedError

    def authenticate_header(self, request: Request) -> str:
        """Return what the 401 asks for."""
        return self.scheme


class InternalKey(_Words):
    """``Authorization: Internal-Key …``."""

    scheme = "Internal-Key"
    reason = "key"

    def find(self, words: str) -> bool:
        """Return whether it is one of ours."""
        return is_internal_key(words)


class GatewayKey(_Words):
    """``Authorization: Gateway-Token …``."""

    scheme = "Gateway-Token"
    reason = "gateway_token"

    def find(self, words: str) -> GatewayToken | None:
        """Return the token while it lives."""
        return find_gateway_token(secret=words, now=utc_now())


class GatewayTokensView(InternalView):
    """``GET`` and ``POST /internal/gateway/tokens/``."""

    public_because = "the internal key and the address are asked for"
    authentication_classes = (InternalKey,)

    def get(self, request: Request) -> Response:
        """List the latest tokens: fingerprints and times."""
        now = utc_now()
        found = list_gateway_tokens()[:SHOWN_AT_MOST]
        return Response(
            [{**_json(one), "is_live": is_live(one, now=now)} for one in found]
        )

    def post(self, request: Request) -> Response:
        """Make the next token and give its words this once."""
        token, secret = rotate_gateway_token(now=utc_now())
        return Response({**_json(token), "secret": secret}, status=201)


class GatewayCheckView(InternalView):
    """``POST /internal/gateway/check/``: whether its writes would be taken."""

    public_because = "the gateway's token and the address are asked for"
    authentication_classes = (GatewayKey,)

    def post(self, request: Request) -> Response:
        """Say which token it is and when it ends."""
        return Response(_json(cast("GatewayToken", request.user)))


def _json(token: GatewayToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "fingerprint": token.fingerprint,
        "created_at": token.created_at,
        "replaced_at": token.replaced_at,
        "ends_at": ends_at(token),
    }
