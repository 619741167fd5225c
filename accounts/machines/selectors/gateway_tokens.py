"""Questions about the gateway's tokens, which belong to no clinic."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from accounts.machines.models import GatewayToken

KIND: Final = GatewayToken.Kind.GATEWAY_ADMIN
# A quarter. Nobody has to hurry in the night: the old one goes on for a day.
OLDEST: Final = timedelta(days=92)
WARN_AT: Final = timedelta(days=85)
OVERLAP: Final = timedelta(hours=24)


def list_gateway_tokens() -> QuerySet[GatewayToken]:
    """Return all tokens there were, the newest first."""
    return GatewayToken.objects.filter(kind=KIND).order_by("-created_at", "-id")


def find_gateway_token(*, secret: str, now: datetime) -> GatewayToken | None:
    """Return the token of these words when it opens something now."""
    offered = hashlib.sha256(secret.encode("utf-8", "replace")).digest()
    found = GatewayToken.objects.filter(kind=KIND, secret_sha256=offered).first()
    return found if found is not None and is_live(found, now=now) else None


def is_live(token: GatewayToken, *, now: datetime) -> bool:
    """Return whether the token opens something: not too old, not long replaced."""
    return now < ends_at(token)


def ends_at(token: GatewayToken) -> datetime:
    """Return when the token ends, or ended; that instant is past its end."""
    oldest = token.created_at + OLDEST
    if token.replaced_at is None:
        return oldest
    return min(oldest, token.replaced_at + OVERLAP)
