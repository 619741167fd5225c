"""Raise an alarm while there is a week left to change the gateway's token."""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.letters import send_letter
from accounts.machines.models import GatewayToken
from accounts.machines.selectors.gateway_tokens import (
    KIND,
    WARN_AT,
    ends_at,
)
from sondervoice.kernel import audit
from sondervoice.kernel.jobs import after_commit

logger = logging.getLogger(__name__)

# The clock asks each hour, since it forgets where it was when it is started anew.
_ONCE_A_DAY: Final = timedelta(hours=23, minutes=30)


@transaction.atomic
def watch_gateway_token(*, now: datetime) -> None:
    """Record once a day that the token is 85 days old, and ask for a letter."""
    token = (
        GatewayToken.objects.select_for_update()
        .filter(kind=KIND, replaced_at=None, created_at__lte=now - WARN_AT)
        .first()
    )
    if token is None:
        return
    if token.warned_at is not None and now - token.warned_at < _ONCE_A_DAY:
        return
    token.warned_at = now
    token.save(update_fields=["warned_at"])
    logger.warning("gateway token is old", extra={"id": str(token.id)})
    _record(token, (now - token.created_at).days)
    ids = {"token_id": token.id}
    after_commit("accounts.warn_of_gateway_token", organization_id=None, ids=ids)


def warn_of_gateway_token(*, token_id: UUID) -> None:
    """Send the letter to SECURITY_MAIL, if there is one and the token still stands.

    Raises:
        VendorError: If the mail server did not take it.
    """
    token = GatewayToken.objects.filter(pk=token_id, replaced_at=None).first()
    if token is not None and settings.SECURITY_MAIL:
        send_letter(
            "gateway_token_old",
            to=settings.SECURITY_MAIL,
            fingerprint=token.fingerprint,
            created_at=token.created_at,
            ends_at=ends_at(token),
        )


def _record(token: GatewayToken, age_days: int) -> None:
    audit.record(
        audit.Entry(
            action="accounts.gateway_token.aged",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="gateway_token",
            subject_id=token.id,
            facts={"age_days": age_days},
        )
    )
