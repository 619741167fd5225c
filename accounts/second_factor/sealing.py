"""Seals the keys of authenticator apps: a copy of the database alone makes no code."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final
from uuid import UUID

from accounts.derived_keys import SealBrokenError, seal, seal_anew, unseal

_PURPOSE: Final = "accounts.second_factor.totp"


def seal_key(key: bytes, *, user_id: UUID) -> str:
    """Return the key sealed for this person; 20 bytes become 64 characters."""
    return urlsafe_b64encode(seal(key, purpose=_PURPOSE, of=user_id)).decode()


def open_key(sealed: str, *, user_id: UUID) -> bytes:
    """Return what was sealed, also under a secret that has been replaced since.

    Raises:
        SealBrokenError: If no secret of ours opens it for this person.
    """
    return unseal(_raw(sealed), purpose=_PURPOSE, of=user_id)


def seal_key_anew(sealed: str, *, user_id: UUID) -> str | None:
    """Return it sealed by the newest secret, or None if it is already.

    Raises:
        SealBrokenError: As `open_key`.
    """
    anew = seal_anew(_raw(sealed), purpose=_PURPOSE, of=user_id)
    return None if anew is None else urlsafe_b64encode(anew).decode()


def _raw(sealed: str) -> bytes:
    try:
        return urlsafe_b64decode(sealed.encode())
    except ValueError:
        raise SealBrokenError from None
