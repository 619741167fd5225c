"""Keys made from SECRET_KEY, one a purpose: none of them tells the others."""

import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def derive_key(
    purpose: str, *, salt: bytes | None = None, secret: str | None = None
) -> bytes:
    """Return 32 bytes for this purpose alone.

    Args:
        salt: What else must be known to make the same key.
        secret: SECRET_KEY unless an older one is asked for.
    """
    label = f"sondervoice/{purpose}".encode()
    made = HKDF(algorithm=SHA256(), length=32, salt=salt, info=label)
    return made.derive((secret or settings.SECRET_KEY).encode())


def secret_keys() -> list[str]:
    """Return SECRET_KEY, then those before it that still open what they closed."""
    return [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]


def blind(purpose: str, value: str) -> str:
    """Return 64 hexadecimal digits that stand for the value and do not tell it."""
    key = derive_key(purpose)
    return hmac.new(key, value.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
