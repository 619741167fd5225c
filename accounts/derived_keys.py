"""Keys made from SECRET_KEY, one a purpose: none of them tells the others.

What is sealed here is ``nonce (12) | ciphertext | tag (16)``, AES-256-GCM; whose it is
is authenticated with it. What an older SECRET_KEY sealed opens for as long as that one
stands in SECRET_KEY_FALLBACKS. (The key store of calls stands in an app above.)

Source:
    HKDF-SHA256, RFC 5869; AES-GCM with random 96-bit nonces, NIST SP 800-38D.
"""

import hashlib
import hmac
import os
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_BYTES: Final = 12


class SealBrokenError(ValueError):
    """It is another's, was changed, or the secret that sealed it is gone."""


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


def seal(plain: bytes, *, purpose: str, of: UUID) -> bytes:
    """Return `plain` sealed for whoever or whatever `of` names."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(derive_key(purpose)).encrypt(nonce, plain, of.bytes)


def unseal(sealed: bytes, *, purpose: str, of: UUID) -> bytes:
    """Return what was sealed, also under a secret that has been replaced since.

    Raises:
        SealBrokenError: If no secret of ours opens it for this purpose and owner.
    """
    return _open(sealed, purpose, of)[0]


def seal_anew(sealed: bytes, *, purpose: str, of: UUID) -> bytes | None:
    """Return what an older secret sealed, sealed by SECRET_KEY; None if it is already.

    Raises:
        SealBrokenError: As `unseal`.
    """
    plain, secret = _open(sealed, purpose, of)
    is_newest = secret == settings.SECRET_KEY
    return None if is_newest else seal(plain, purpose=purpose, of=of)


def _open(sealed: bytes, purpose: str, of: UUID) -> tuple[bytes, str]:
    """Return what was sealed, and by which secret."""
    nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    for secret in secret_keys():
        try:
            key = derive_key(purpose, secret=secret)
            return AESGCM(key).decrypt(nonce, body, of.bytes), secret
        except (InvalidTag, ValueError):
            continue
    raise SealBrokenError
