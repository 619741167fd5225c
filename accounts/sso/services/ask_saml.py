"""Ask a directory by SAML, and keep its one answer for the browser that asked."""

import hashlib
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.sso.claims import Claims, read_claims
from accounts.sso.errors import SsoRefusedError
from accounts.sso.models import SamlRequest, SsoConnection
from accounts.sso.saml_answer import SamlAnswer
from accounts.sso.secrets import seal, unseal

_LASTS: Final = timedelta(minutes=10)


def begin_request(*, connection: SsoConnection, now: datetime) -> SamlRequest:
    """Make the question that one answer may answer, for ten minutes."""
    return SamlRequest.objects.create(
        organization_id=connection.organization_id,
        connection=connection,
        created_at=now,
        expires_at=now + _LASTS,
    )


@transaction.atomic
def keep_answer(
    *, connection: SsoConnection, written: str, now: datetime
) -> SamlRequest:
    """Keep what the directory answered, once it is believed.

    Raises:
        SsoRefusedError: If it is not, answers no open question, or came before.
    """
    answer = SamlAnswer(connection, written)
    asked = _find_open(connection, answer.in_response_to, now=now)
    assertion_id, claims = answer.believe(request_id=asked.xml_id)
    asked.answered_at = now
    asked.assertion_sha256 = hashlib.sha256(assertion_id.encode()).digest()
    asked.sealed_claims = seal(claims.as_bytes(), row_id=asked.id)
    try:
        with transaction.atomic():
            asked.save(
                update_fields=["answered_at", "assertion_sha256", "sealed_claims"]
            )
    except IntegrityError:
        raise SsoRefusedError("replay") from None
    return asked


@transaction.atomic
def fetch_answer(
    *, connection: SsoConnection, request_hex: str, now: datetime
) -> Claims:
    """Return what was kept for the browser that asked, once.

    Raises:
        SsoRefusedError: If nothing is there for it.
    """
    asked = (
        SamlRequest.objects.select_for_update()
        .filter(
            connection=connection,
            pk=UUID(request_hex),
            answered_at__isnull=False,
            fetched_at=None,
            expires_at__gt=now,
        )
        .first()
    )
    if asked is None or asked.sealed_claims is None:
        raise SsoRefusedError("request")
    claims = read_claims(unseal(bytes(asked.sealed_claims), row_id=asked.id))
    asked.fetched_at, asked.sealed_claims = now, None
    asked.save(update_fields=["fetched_at", "sealed_claims"])
    return claims


def _find_open(connection: SsoConnection, xml_id: str, *, now: datetime) -> SamlRequest:
    try:
        row_id = UUID(xml_id.removeprefix("_"))
    except ValueError:
        raise SsoRefusedError("request") from None
    found = (
        SamlRequest.objects.select_for_update()
        .filter(connection=connection, pk=row_id, expires_at__gt=now)
        .first()
    )
    if found is None:
        raise SsoRefusedError("request")
    if found.answered_at is not None:
        raise SsoRefusedError("replay")
    return found


def forget_old_requests(*, before: datetime) -> None:
    """Take away questions whose time has long passed, with the ids of their answers.

    An answer to one of these is refused for its question's age; its assertion has run
    out long before.
    """
    SamlRequest.objects.filter(expires_at__lt=before).delete()
