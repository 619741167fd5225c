"""The two kinds of tokens: what they say, and what must be right about them.

A token that opens here is ours and in time; whether its family still lives is asked of
the database.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from rest_framework_simplejwt.exceptions import (
    ExpiredTokenError,
    TokenBackendError,
    TokenError,
)
from rest_framework_simplejwt.tokens import Token

from accounts.machines.models import TokenFamily
from accounts.machines.signing import KeyedBackend, backend_for, backend_to_sign

# Longer than any of ours; what is longer is not looked at.
LONGEST_TOKEN: Final = 2_000


class _FamilyToken(Token):
    # The real lifetime is set by `_sign`: it is the clinic's to choose.
    lifetime = timedelta(minutes=1)

    def get_token_backend(self) -> KeyedBackend:
        """Return the backend that signs, or the one whose key the token names."""
        # simplejwt keeps the text here, whatever its annotation says.
        return backend_for(str(self.token)) if self.token else backend_to_sign()


class AccessToken(_FamilyToken):
    """Opens the API for some minutes."""

    token_type = "access"  # noqa: S105 -- a kind, no secret


class RefreshToken(_FamilyToken):
    """Is changed for a new pair, once."""

    token_type = "refresh"  # noqa: S105 -- a kind, no secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a token of ours says.

    Attributes:
        token_sha256: Of the token's id, as its family keeps that of the refresh token.
    """

    user_id: UUID
    organization_id: UUID
    family_id: UUID
    epoch: int
    token_sha256: bytes


class BadTokenError(Exception):
    """The token is not ours, not of this kind, or not in time.

    Attributes:
        reason: ``malformed`` or ``expired``, for the record.
    """

    def __init__(self, reason: str) -> None:
        """Name the reason."""
        super().__init__(reason)
        self.reason = reason


def read_access(text: str) -> Claims:
    """Return what an access token says.

    Raises:
        BadTokenError: If it cannot be believed.
    """
    return _read(AccessToken, text)


def read_refresh(text: str) -> Claims:
    """Return what a refresh token says.

    Raises:
        BadTokenError: If it cannot be believed.
    """
    return _read(RefreshToken, text)


def sign_access(family: TokenFamily, *, now: datetime, until: datetime) -> str:
    """Return an access token of the family."""
    return str(_signed(AccessToken, family, now=now, until=until))


def sign_refresh(family: TokenFamily, *, now: datetime) -> tuple[str, bytes]:
    """Return a refresh token, good until the family ends, and the hash of its id."""
    token = _signed(RefreshToken, family, now=now, until=family.expires_at)
    return str(token), _hash(token["jti"])


def _signed(
    kind: type[_FamilyToken], family: TokenFamily, *, now: datetime, until: datetime
) -> _FamilyToken:
    token = kind()
    token.set_iat(at_time=now)
    token.set_exp(from_time=until, lifetime=timedelta())
    token["sub"] = str(family.user_id)
    token["org"] = str(family.organization_id)
    token["family"] = str(family.pk)
    token["epoch"] = family.epoch
    return token


def _read(kind: type[_FamilyToken], text: str) -> Claims:
    if len(text) > LONGEST_TOKEN:
        raise BadTokenError("malformed")
    try:
        payload = kind(text).payload  # type: ignore[arg-type]  # see above
    except ExpiredTokenError:
        raise BadTokenError("expired") from None
    except (TokenError, TokenBackendError):
        raise BadTokenError("malformed") from None
    try:
        return _claims(payload)
    except (KeyError, TypeError, ValueError):
        raise BadTokenError("malformed") from None


def _claims(payload: dict[str, Any]) -> Claims:
    epoch = payload["epoch"]
    if type(epoch) is not int:
        raise TypeError
    return Claims(
        user_id=UUID(str(payload["sub"])),
        organization_id=UUID(str(payload["org"])),
        family_id=UUID(str(payload["family"])),
        epoch=epoch,
        token_sha256=_hash(payload["jti"]),
    )


def _hash(token_id: str) -> bytes:
    return hashlib.sha256(token_id.encode()).digest()
