"""Seals what a clinic entrusts to us so that its connection works.

A sealed value is ``0x01 | nonce (12) | ciphertext | tag (16)``, AES-256-GCM under a key
derived from SECRET_KEY for this purpose alone; the row it belongs to is authenticated
with it. It opens with the SECRET_KEY it was sealed with alone: when that changes, each
clinic gives its secret anew. (The key store of calls stands in an app above.)

Source:
    HKDF-SHA256, RFC 5869; AES-GCM with random 96-bit nonces, NIST SP 800-38D.
"""

import os
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from accounts.sso.errors import SsoRefusedError

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12


def seal(plain: bytes, *, row_id: UUID) -> bytes:
    """Return `plain` sealed for the row."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(_key()).encrypt(nonce, plain, row_id.bytes)


def unseal(sealed: bytes, *, row_id: UUID) -> bytes:
    """Return what was sealed for the row.

    Raises:
        SsoRefusedError: If it was changed, belongs to another row, or SECRET_KEY is
            another one now.
    """
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(_key()).decrypt(nonce, body, row_id.bytes)
    except (InvalidTag, ValueError):
        raise SsoRefusedError(
            "secret", "The clinic's secret must be given anew. Tell an owner."
        ) from None


def _key() -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sondervoice sso 1")
    return derived.derive(settings.SECRET_KEY.encode())
