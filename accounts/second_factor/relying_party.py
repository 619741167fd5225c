"""Who we are to a passkey: the host of PUBLIC_BASE_URL, never what a request says."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django_otp_webauthn.helpers import WebAuthnHelper


def relying_party_id() -> str:
    """Return the host that passkeys are bound to."""
    return urlsplit(settings.PUBLIC_BASE_URL).hostname or ""


def offers_passkeys() -> bool:
    """Return whether browsers make passkeys for our address.

    They do so over HTTPS or for ``localhost``, and for a name, not for a number.
    """
    host = relying_party_id()
    try:
        ip_address(host)
    except ValueError:
        is_secure = urlsplit(settings.PUBLIC_BASE_URL).scheme == "https"
        return is_secure or host == "localhost"
    return False


class RelyingParty(WebAuthnHelper):  # type: ignore[misc]  # untyped
    """The package's steps, with our address."""

    def get_relying_party_domain(self) -> str:
        """Return the host that passkeys are bound to."""
        return relying_party_id()

    def get_allowed_origins(self) -> list[str]:
        """Return the one origin whose pages may ask."""
        parts = urlsplit(settings.PUBLIC_BASE_URL)
        return [f"{parts.scheme}://{parts.netloc}"]
