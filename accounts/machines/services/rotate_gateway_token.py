"""Make the gateway's next token; the one before it goes on for a day."""

import hashlib
import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.machines.errors import GatewayTokenChangedError
from accounts.machines.models import GatewayToken
from accounts.machines.selectors.gateway_tokens import KIND
from sondervoice.kernel import audit

_FINGERPRINT_DIGITS = 16


def rotate_gateway_token(*, now: datetime) -> tuple[GatewayToken, str]:
    """Make a token and return it with its words, this once.

    Raises:
        GatewayTokenChangedError: If another rotation came at the same time.
    """
    secret = f"sv_gw_{secrets.token_urlsafe(32)}"
    digest = hashlib.sha256(secret.encode()).digest()
    try:
        with transaction.atomic():
            old = GatewayToken.objects.filter(kind=KIND, replaced_at=None)
            old.update(replaced_at=now)
            token = GatewayToken.objects.create(
                kind=KIND,
                secret_sha256=digest,
                # Of the hash: it names the token in lists and helps nobody to guess it.
                fingerprint=hashlib.sha256(digest).hexdigest()[:_FINGERPRINT_DIGITS],
                created_at=now,
            )
            _record(token)
    except IntegrityError:
        raise GatewayTokenChangedError from None
    return token, secret


def _record(token: GatewayToken) -> None:
    audit.record(
        audit.Entry(
            action="accounts.gateway_token.rotated",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="gateway_token",
            subject_id=token.id,
        )
    )
