"""Questions about a person's second factors; pages of `/accounts/` ask them.

Each filters by the person: on those pages the database shows the rows of everybody.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django_otp_webauthn.models import WebAuthnCredential

from accounts.models import User
from accounts.second_factor.errors import FactorNotFoundError
from accounts.second_factor.models import AuthenticatorApp, RecoveryCodes


class Kind(StrEnum):
    """What a factor is, as its address names it."""

    APP = "app"
    PASSKEY = "passkey"


MODELS: Final[dict[Kind, type[Any]]] = {
    Kind.APP: AuthenticatorApp,
    Kind.PASSKEY: WebAuthnCredential,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One factor, as its owner sees it."""

    kind: Kind
    id: int
    name: str
    created_at: datetime | None
    last_used_at: datetime | None


def list_factors(*, user: User) -> list[Factor]:
    """Return the person's factors, apps first, each kind in the order it was added."""
    return [
        Factor(kind=kind, **row)
        for kind, model in MODELS.items()
        for row in model.objects.filter(user=user, confirmed=True)
        .order_by("id")
        .values("id", "name", "created_at", "last_used_at")
    ]


def get_factor(*, user: User, kind: str, factor_id: int) -> Factor:
    """Return one of the person's factors.

    Raises:
        FactorNotFoundError: If there is none, or it is somebody else's.
    """
    for one in list_factors(user=user):
        if one.kind == kind and one.id == factor_id:
            return one
    raise FactorNotFoundError


def find_recovery_codes(*, user: User) -> RecoveryCodes | None:
    """Return the person's recovery codes, or None while they have made none."""
    found: RecoveryCodes | None = RecoveryCodes.objects.filter(user=user).first()
    return found
