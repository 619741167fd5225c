"""How tokens are signed: HS256 alone, under a key of its own, named by `kid`.

The key is made from SECRET_KEY. Keys of SECRET_KEY_FALLBACKS still open what they
signed, so that SECRET_KEY can be changed while people work.
"""

from typing import Any, Final

import jwt
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError

from accounts.derived_keys import derive_key, secret_keys

ALGORITHM: Final = "HS256"
ISSUER: Final = "sondervoice"
AUDIENCE: Final = "sondervoice-api"
_PURPOSE: Final = "machines/tokens"
_KEY_ID_BYTES: Final = 6


def signing_keys() -> dict[str, str]:
    """Return the keys by their ids, the one that signs first."""
    made = [derive_key(_PURPOSE, secret=one).hex() for one in secret_keys()]
    return {_key_id(key): key for key in made}


def _key_id(key: str) -> str:
    # What is shown of a key must not help to guess it: it goes through HKDF again.
    return derive_key("machines/key-id", secret=key)[:_KEY_ID_BYTES].hex()


class KeyedBackend(TokenBackend):
    """simplejwt's, with the key's id in the header."""

    def __init__(self, key_id: str, key: str) -> None:
        """Sign and open with this key."""
        super().__init__(ALGORITHM, key, audience=AUDIENCE, issuer=ISSUER)
        self._key_id = key_id

    def encode(self, payload: dict[str, Any]) -> str:
        """Return the signed token."""
        return jwt.encode(
            {**payload, "aud": self.audience, "iss": self.issuer},
            self.prepared_signing_key,
            algorithm=self.algorithm,
            headers={"kid": self._key_id},
        )


def backend_to_sign() -> KeyedBackend:
    """Return what signs new tokens."""
    return KeyedBackend(*next(iter(signing_keys().items())))


def backend_for(token: str) -> KeyedBackend:
    """Return what opens this token, by the id in its header.

    Raises:
        TokenBackendError: If it is no token, or names a key that is none of ours.
    """
    try:
        key_id = jwt.get_unverified_header(token).get("kid")
    except (jwt.InvalidTokenError, ValueError):
        raise TokenBackendError("This is no token.") from None
    keys = signing_keys()
    if not isinstance(key_id, str) or key_id not in keys:
        raise TokenBackendError("The key of this token is not ours.")
    return KeyedBackend(key_id, keys[key_id])
