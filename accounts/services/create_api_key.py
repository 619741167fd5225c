"""Make a key for one of the clinic's machines."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import ApiKey
from accounts.permissions import SCOPE_GRANTS
from sondervoice.kernel import audit


@transaction.atomic
def create_api_key(
    *, organization_id: UUID, name: str, scopes: list[str], now: datetime
) -> str:
    """Make a key and return it, this once: ``sv_<prefix>_<secret>``.

    Raises:
        KeyError: If a scope is none of ours.
    """
    for word in scopes:
        SCOPE_GRANTS[word]
    prefix = secrets.token_hex(6)
    secret = secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        organization_id=organization_id,
        name=name,
        prefix=prefix,
        secret_sha256=hashlib.sha256(secret.encode()).digest(),
        scopes=scopes,
        created_at=now,
    )
    audit.record(
        audit.Entry(
            action="accounts.api_key.created",
            organization_id=organization_id,
            actor_kind="system",
            actor_id=None,
            subject_kind="api_key",
            subject_id=key.id,
            facts={"scopes": len(scopes)},
        )
    )
    return f"sv_{prefix}_{secret}"
