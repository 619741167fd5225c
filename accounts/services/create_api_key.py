"""Make a key for one of the clinic's machines."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.change_hashes import hashes_of
from accounts.key_state import key_state
from accounts.models import ApiKey
from accounts.permissions import SCOPE_GRANTS
from sondervoice.kernel import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """The words of a key, and what is kept of them."""

    prefix: str
    words: str
    sha256: bytes


def new_secret() -> NewSecret:
    """Return the words of a key that nobody has: ``sv_<prefix>_<secret>``."""
    prefix = secrets.token_hex(6)
    secret = secrets.token_urlsafe(32)
    return NewSecret(
        prefix=prefix,
        words=f"sv_{prefix}_{secret}",
        sha256=hashlib.sha256(secret.encode()).digest(),
    )


@transaction.atomic
def create_api_key(
    *, organization_id: UUID, name: str, scopes: list[str], now: datetime
) -> str:
    """Make a key on behalf of the product and return its words, this once.

    Raises:
        KeyError: If a scope is none of ours.
    """
    for word in scopes:
        SCOPE_GRANTS[word]
    secret = new_secret()
    key = ApiKey.objects.create(
        organization_id=organization_id,
        name=name,
        prefix=secret.prefix,
        secret_sha256=secret.sha256,
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
            facts={"scopes": len(scopes)}
            | hashes_of(organization_id, before=None, after=key_state(key)),
        )
    )
    return secret.words
