"""How askers are reached: sealed in the row, opened here.

No clinic's key can seal it, since it is no clinic's: the key is made from SECRET_KEY.
When that is rotated, the clock seals all rows anew within the hour.
"""

from dataclasses import dataclass
from typing import Final

from accounts.derived_keys import derive_key, seal, secret_keys, unseal
from compliance.asking.models import Asking
from sondervoice.kernel.rights import Person

_PURPOSE: Final = "compliance.asking"
_COLUMNS: Final = ("phone", "email", "words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What the form said; empty where it said nothing."""

    phone_e164: str
    email: str
    words: str


def secret_id(secret: str | None = None) -> str:
    """Return eight hexadecimal digits that name a secret and do not tell it.

    Args:
        secret: SECRET_KEY unless an older one is asked for.
    """
    return derive_key(f"{_PURPOSE}.id", secret=secret).hex()[:8]


def secret_named(name: str) -> str | None:
    """Return the secret of ours with this id, also one that was replaced, or None."""
    return next((one for one in secret_keys() if secret_id(one) == name), None)


def keep_contact(asking: Asking, contact: Contact) -> None:
    """Put the contact, sealed, into the row; the caller saves it."""
    said = (contact.phone_e164, contact.email, contact.words)
    for column, plain in zip(_COLUMNS, said, strict=True):
        sealed = (
            seal(plain.encode(), purpose=f"{_PURPOSE}.{column}", of=asking.id)
            if plain
            else b""
        )
        setattr(asking, f"{column}_sealed", sealed)
    asking.sealed_by = secret_id()


def open_contact(asking: Asking) -> Contact:
    """Return what the form said.

    Raises:
        SealBrokenError: If a column was changed, or its secret is gone.
    """
    phone, email, words = (_open(asking, column) for column in _COLUMNS)
    return Contact(phone_e164=phone, email=email, words=words)


def proven_person(asking: Asking) -> Person:
    """Return the person with only what they have proven.

    Raises:
        SealBrokenError: As `open_contact`.
    """
    contact = open_contact(asking)
    return Person(
        phone_e164=contact.phone_e164 if asking.phone_proven_at else "",
        email=contact.email if asking.email_proven_at else "",
    )


def _open(asking: Asking, column: str) -> str:
    sealed = bytes(getattr(asking, f"{column}_sealed"))
    if not sealed:
        return ""
    return unseal(sealed, purpose=f"{_PURPOSE}.{column}", of=asking.id).decode()
