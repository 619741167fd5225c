"""Say whose key this is, or refuse it."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from accounts.actors import Actor
from accounts.machines.networks import contains
from accounts.machines.services.note_refusal import note_key_refusal, note_unknown_key
from accounts.models import ApiKey
from accounts.permissions import SCOPE_GRANTS, Permission
from accounts.way_in import organization_for_api_key
from sondervoice.kernel import tenancy

# How exact "last used" is: a busy key would otherwise write a row a request.
USED_EVERY: Final = timedelta(minutes=1)


def check_key(*, prefix: str, secret: str, address: str, now: datetime) -> Actor | None:
    """Return the key as an actor, or None; a refusal is written down.

    Args:
        address: Where the request comes from.
    """
    organization_id = organization_for_api_key(prefix)
    if organization_id is None:
        note_unknown_key(address=address, now=now)
        return None
    with tenancy.scope(organization_id):
        key = ApiKey.objects.select_related("rule").get(prefix=prefix)
        reason = _refusal(key, secret, address, now)
        if reason == "":
            _note_use(key, now)
    if reason:
        note_key_refusal(
            organization_id=organization_id, key_id=key.pk, reason=reason, now=now
        )
        return None
    return _actor(key, organization_id)


def _refusal(key: ApiKey, secret: str, address: str, now: datetime) -> str:
    """Return why the key is refused, or nothing."""
    offered = hashlib.sha256(secret.encode("utf-8", "replace")).digest()
    if not hmac.compare_digest(bytes(key.secret_sha256), offered):
        return "wrong_secret"
    if key.revoked_at is not None:
        return "revoked"
    if key.expires_at is not None and key.expires_at <= now:
        return "expired"
    # Keys made before there were rules, and the demo's, have none.
    rule = getattr(key, "rule", None)
    if rule is not None and rule.networks and not contains(rule.networks, address):
        return "address"
    return ""


def _note_use(key: ApiKey, now: datetime) -> None:
    if key.last_used_at is None or key.last_used_at <= now - USED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def _actor(key: ApiKey, organization_id: UUID) -> Actor:
    nothing: frozenset[Permission] = frozenset()
    return Actor(
        kind="api_key",
        id=key.pk,
        organization_id=organization_id,
        permissions=nothing.union(
            *(SCOPE_GRANTS.get(one, nothing) for one in key.scopes)
        ),
    )
