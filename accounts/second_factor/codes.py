"""Recovery codes: how they are made, read, and kept as hashes alone."""

import re
import secrets
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.derived_keys import secret_keys

HOW_MANY: Final = 10
# Without i, l, o and u, which are misread: 32 characters, 5 bits each.
ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_CHARACTERS: Final = 12  # 60 bits
_SALT: Final = "accounts.second_factor.recovery"


def make_codes() -> list[str]:
    """Return a new set of codes, as they are shown: ``7k2m-x9qd-4hrt``."""
    return [_make_code() for _ in range(HOW_MANY)]


def hash_code(code: str, *, user_id: UUID) -> str:
    """Return the one form in which a code is kept, bound to the person."""
    return _hash(code, user_id, settings.SECRET_KEY)


def find_hash(code: str, *, user_id: UUID, kept: list[str]) -> str | None:
    """Return which of the kept hashes is this code's, or None.

    Capitals, spaces and hyphens do not matter.
    """
    for secret in secret_keys():
        offered = _hash(code, user_id, secret)
        if offered in kept:
            return offered
    return None


def plain_code(code: str) -> str:
    """Return what counts of a code that was written: no capitals, no hyphens."""
    return re.sub(r"[^0-9a-z]", "", code.lower())


def _make_code() -> str:
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(_CHARACTERS))
    return "-".join(drawn[at : at + 4] for at in range(0, _CHARACTERS, 4))


def _hash(code: str, user_id: UUID, secret: str) -> str:
    words = f"{user_id}.{plain_code(code)}"
    return salted_hmac(_SALT, words, secret=secret, algorithm="sha256").hexdigest()
