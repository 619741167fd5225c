"""End tokens of a person: from the next request on they open nothing."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.machines.errors import TokensNotFoundError
from accounts.machines.models import TokenFamily
from accounts.machines.selectors.families import list_own_families
from accounts.machines.tokens import BadTokenError, read_refresh
from sondervoice.kernel import audit
from sondervoice.kernel.tenancy import set_local


def end_family(
    family: TokenFamily, *, reason: TokenFamily.EndReason, now: datetime
) -> None:
    """Write on the row that it has ended; the caller records it."""
    family.ended_at = now
    family.end_reason = reason
    family.save(update_fields=["ended_at", "end_reason"])


@transaction.atomic
def end_own_families(
    *, actor: Actor, family_id: UUID | None = None, now: datetime
) -> int:
    """End the person's tokens, all of them or one; return how many ended.

    Raises:
        PermissionMissingError: If the actor is a machine, which has none.
        TokensNotFoundError: If the one is not theirs, or has ended.
    """
    set_local("app.user_id", str(actor.id))
    found = list_own_families(actor=actor, now=now).select_for_update(of=("self",))
    if family_id is not None:
        found = found.filter(pk=family_id)
    families = list(found)
    if family_id is not None and not families:
        raise TokensNotFoundError
    for family in families:
        end_family(family, reason=TokenFamily.EndReason.REVOKED, now=now)
        _record(family)
    return len(families)


@transaction.atomic
def revoke_family(*, refresh: str, now: datetime) -> None:
    """End the tokens that this refresh token belongs to.

    Nothing happens, and nothing is said, if it is none of ours or over already.
    """
    try:
        claims = read_refresh(refresh)
    except BadTokenError:
        return
    set_local("app.user_id", str(claims.user_id))
    family = (
        TokenFamily.objects.select_for_update()
        .filter(pk=claims.family_id, ended_at=None)
        .first()
    )
    if family is not None:
        end_family(family, reason=TokenFamily.EndReason.REVOKED, now=now)
        _record(family)


def _record(family: TokenFamily) -> None:
    audit.record(
        audit.Entry(
            action="accounts.token.ended",
            organization_id=None,
            actor_kind="user",
            actor_id=family.user_id,
            subject_kind="user",
            subject_id=family.user_id,
            facts={"family": family.pk},
        )
    )
