"""Seals what a clinic entrusts to us so that its connection works."""

from typing import Final
from uuid import UUID

from accounts import derived_keys
from accounts.sso.errors import SsoRefusedError

_PURPOSE: Final = "accounts.sso.secret"


def seal(plain: bytes, *, row_id: UUID) -> bytes:
    """Return `plain` sealed for the row."""
    return derived_keys.seal(plain, purpose=_PURPOSE, of=row_id)


def unseal(sealed: bytes, *, row_id: UUID) -> bytes:
    """Return what was sealed for the row.

    Raises:
        SsoRefusedError: If it was changed, belongs to another row, or was sealed under
            a SECRET_KEY that is gone.
    """
    try:
        return derived_keys.unseal(sealed, purpose=_PURPOSE, of=row_id)
    except derived_keys.SealBrokenError:
        raise SsoRefusedError(
            "secret", "The clinic's secret must be given anew. Tell an owner."
        ) from None


def seal_anew(sealed: bytes, *, row_id: UUID) -> bytes | None:
    """Return it sealed by the newest SECRET_KEY, or None if it is already.

    Raises:
        SealBrokenError: If no secret of ours opens it.
    """
    return derived_keys.seal_anew(sealed, purpose=_PURPOSE, of=row_id)
