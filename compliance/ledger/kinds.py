"""The record in three heaps, as somebody asks for it."""

from types import MappingProxyType
from typing import Final

from django.db.models import Q

_LOOKS: Final = (
    "viewed", "listed", "read", "granted", "revealed", "exported", "sent"
)  # fmt: skip
_LOOK: Final = Q(*(Q(action__endswith=f".{word}") for word in _LOOKS), _connector=Q.OR)
_COMINGS: Final = (
    "demo_link",
    "factor",
    "passkey",
    "password",
    "password_reset",
    "recovery_codes",
    "session",
    "sign_in",
    "token",
)
# Of things that are otherwise set up and changed.
_REFUSED: Final = ("accounts.api_key.refused", "accounts.sso.refused")
_COMING: Final = Q(
    *(Q(action__startswith=f"accounts.{word}.") for word in _COMINGS),
    Q(action__in=_REFUSED),
    _connector=Q.OR,
)
# A request that did nothing which leaves a row of its own, or was refused.
_REQUEST: Final = Q(action="accounts.api_request.answered")
_BY_SOMEBODY: Final = Q(actor_kind__in=["user", "api_key", "operator"])

KINDS: Final = MappingProxyType(
    {
        "all": ("Everything", Q()),
        "looks": ("Looks at callers", _LOOK),
        "comings": ("Coming and going", _COMING),
        "changes": ("Changes", _BY_SOMEBODY & ~_LOOK & ~_COMING & ~_REQUEST),
    }
)
