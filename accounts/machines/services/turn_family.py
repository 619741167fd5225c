"""Change a refresh token for a new pair; a used one that comes again ends them all."""

from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.machines.errors import RefreshRefusedError
from accounts.machines.models import TokenFamily
from accounts.machines.selectors.families import (
    Dead,
    actor_of_family,
    ends_at,
    is_living,
)
from accounts.machines.services.end_family import end_family
from accounts.machines.services.note_refusal import note_token_refusal
from accounts.machines.services.open_family import Pair, make_pair
from accounts.machines.tokens import BadTokenError, Claims, read_refresh
from accounts.models import Organization
from accounts.services.record_for_clinics import record_for_clinics
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.jobs import after_commit
from sondervoice.kernel.tenancy import set_local

_REUSED: Final = "reused"


def turn_family(*, refresh: str, address: str, now: datetime) -> Pair:
    """Return the next pair; the token that was sent is spent.

    Of many that come with one token at one time, one is given the pair; the others
    look like a thief and end the family, the new pair with it.

    Raises:
        RefreshRefusedError: If the token is worth nothing; the refusal stands.
    """
    try:
        claims = read_refresh(refresh)
    except BadTokenError as error:
        note_token_refusal(reason=error.reason, address=address, user_id=None, now=now)
        raise RefreshRefusedError from None
    with transaction.atomic():
        set_local("app.user_id", str(claims.user_id))
        found = _turn(claims, now)
    if isinstance(found, Pair):
        return found
    if found.reason != _REUSED:
        note_token_refusal(
            reason=found.reason, address=address, user_id=claims.user_id, now=now
        )
    raise RefreshRefusedError


def _turn(claims: Claims, now: datetime) -> Pair | Dead:
    family = (
        TokenFamily.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(pk=claims.family_id)
        .first()
    )
    if family is None or not is_living(family, claims, now=now):
        return Dead("ended")
    if bytes(family.refresh_sha256) != claims.token_sha256:
        _end_reused(family, now)
        return Dead(_REUSED)
    found = actor_of_family(family, now=now)
    if isinstance(found, Dead):
        return found
    with tenancy.scope(family.organization_id):
        organization = Organization.objects.get(pk=family.organization_id)
    family.used_at = now
    # The clinic may have made sessions shorter since; they never grow longer again.
    family.expires_at = ends_at(family, organization=organization)
    pair = make_pair(family, organization=organization, now=now)
    family.save(update_fields=["used_at", "expires_at", "refresh_sha256"])
    return pair


def _end_reused(family: TokenFamily, now: datetime) -> None:
    end_family(family, reason=TokenFamily.EndReason.REUSED, now=now)
    record_for_clinics(
        audit.Entry(
            action="accounts.token.reused",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="user",
            subject_id=family.user_id,
            facts={"family": family.pk},
        ),
        user_id=family.user_id,
    )
    ids = {"family_id": family.pk, "user_id": family.user_id}
    after_commit("accounts.tell_token_reuse", organization_id=None, ids=ids)
