"""Seals the keys of authenticator apps: a copy of the database alone makes no code."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE: Final = b"accounts.second_factor.totp"
_NONCE_BYTES: Final = 12


class SealBrokenError(ValueError):
    """The sealed key is another person's, was changed, or the secret is gone."""


def seal_key(key: bytes, *, user_id: UUID) -> str:
    """Return the key sealed for this person; 20 bytes become 64 characters."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher(settings.SECRET_KEY).encrypt(nonce, key, user_id.bytes)
    return urlsafe_b64encode(nonce + sealed).decode()


def open_key(sealed: str, *, user_id: UUID) -> bytes:
    """Return what was sealed, also under a secret that has been replaced since.

    Raises:
        SealBrokenError: If no secret of ours opens it for this person.
    """
    try:
        raw = urlsafe_b64decode(sealed.encode())
    except ValueError:
        raise SealBrokenError from None
    for secret in known_secrets():
        try:
            return _cipher(secret).decrypt(
                raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], user_id.bytes
            )
        except (InvalidTag, ValueError):
            continue
    raise SealBrokenError


def known_secrets() -> list[str]:
    """Return the secret of today, then those that it has replaced."""
    return [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]


def _cipher(secret: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return AESGCM(derived.derive(secret.encode()))
