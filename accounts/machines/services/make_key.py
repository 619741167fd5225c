"""Make a key for one of the clinic's machines, on behalf of a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.errors import PermissionMissingError
from accounts.key_state import key_state
from accounts.machines.errors import KeyMadeBeforeError, ScopeTooWideError
from accounts.machines.models import ApiKeyRule
from accounts.models import ApiKey, Membership
from accounts.permissions import SCOPE_GRANTS, Permission
from accounts.roles.selectors.standings import find_standing
from accounts.services.create_api_key import new_secret
from accounts.services.wait_for_turn import wait_for_turn
from sondervoice.kernel import audit

# A program outlives its key and is given the next one; none is for ever.
LONGEST_LIFE: Final = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWish:
    """What a key should be.

    Attributes:
        networks: As `networks.read_networks` returns them; empty means everywhere.
        form_id: Of the form that asks; a second wish from it makes nothing.
    """

    name: str
    scopes: list[str]
    expires_at: datetime
    networks: list[str]
    form_id: UUID | None = None


def holdable_scopes(actor: Actor) -> list[str]:
    """Return the scopes that hold no more than the actor does."""
    return scopes_within(actor.permissions)


def scopes_within(held: frozenset[Permission]) -> list[str]:
    """Return the scopes that hold no more than these permissions."""
    return [word for word, granted in SCOPE_GRANTS.items() if granted <= held]


def scopes_now(*, user_id: UUID, organization_id: UUID) -> list[str] | None:
    """Return the scopes that a key of the person could have, read anew.

    None if they may make no keys in the open clinic.
    """
    standing = find_standing(user_id=user_id, organization_id=organization_id)
    if standing is None or Permission.KEYS_MANAGE not in standing.permissions:
        return None
    member = (
        Membership.objects.select_related("user")
        .filter(user_id=user_id, ended_at=None)
        .first()
    )
    if member is not None and not member.user.is_active:
        return None
    return scopes_within(standing.permissions)


def make_key(*, actor: Actor, wish: KeyWish, now: datetime) -> tuple[ApiKey, str]:
    """Make the key and return it with its words, this once.

    Raises:
        PermissionMissingError: If the actor may not make keys.
        ScopeTooWideError: If a scope holds more than the actor does.
        KeyMadeBeforeError: If the same form made one before.
    """
    actor.require(Permission.KEYS_MANAGE)
    if not set(wish.scopes) <= set(holdable_scopes(actor)):
        raise ScopeTooWideError
    try:
        with transaction.atomic():
            if actor.kind == "user":
                _refuse_who_holds_less_now(actor, wish)
            return _make(actor, wish, now)
    except IntegrityError:
        raise KeyMadeBeforeError from None


def _refuse_who_holds_less_now(actor: Actor, wish: KeyWish) -> None:
    """Refuse what the person lost since they asked: what ended their keys is done."""
    wait_for_turn(actor.organization_id)
    # Limits, and roles that a directory gives, change under the lock of this row.
    Membership.objects.select_for_update(no_key=True).filter(user_id=actor.id).first()
    held = scopes_now(user_id=actor.id, organization_id=actor.organization_id)
    if held is None:
        raise PermissionMissingError
    if not set(wish.scopes) <= set(held):
        raise ScopeTooWideError


def _make(actor: Actor, wish: KeyWish, now: datetime) -> tuple[ApiKey, str]:
    secret = new_secret()
    key = ApiKey.objects.create(
        organization_id=actor.organization_id,
        name=wish.name,
        prefix=secret.prefix,
        secret_sha256=secret.sha256,
        scopes=sorted(wish.scopes, key=list(SCOPE_GRANTS).index),
        created_at=now,
        expires_at=wish.expires_at,
    )
    ApiKeyRule.objects.create(
        organization_id=actor.organization_id,
        key=key,
        made_by_id=actor.id if actor.kind == "user" else None,
        networks=wish.networks,
        form_id=wish.form_id,
    )
    _record(actor, key, wish)
    return key, secret.words


def _record(actor: Actor, key: ApiKey, wish: KeyWish) -> None:
    audit.record(
        audit.Entry(
            action="accounts.api_key.made",
            organization_id=key.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="api_key",
            subject_id=key.id,
            facts={"scopes": len(wish.scopes), "networks": len(wish.networks)}
            | hashes_of(key.organization_id, before=None, after=key_state(key)),
        )
    )
