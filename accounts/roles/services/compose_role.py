"""Make, change and retire roles of a clinic's own."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models.deletion import ProtectedError

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.left_keys import settle_keys
from accounts.models import CustomRole, Membership
from accounts.permissions import Permission, Role
from accounts.roles.errors import RoleInUseError, RoleNameTakenError, error_of
from accounts.roles.rules import refusal_to_compose
from accounts.roles.selectors.custom_roles import get_custom_role
from accounts.roles.services.lock_roles import lock_roles
from accounts.services.end_sessions import end_member_sessions
from sondervoice.kernel import audit

State = dict[str, object]


@transaction.atomic
def make_role(
    *, actor: Actor, name: str, permissions: Collection[Permission], now: datetime
) -> CustomRole:
    """Make a role of these permissions.

    Raises:
        RoleNotYoursError: If it would hold more than the actor does.
        RoleNameTakenError: If another role has the name.
    """
    _refuse(actor, before=(), after=permissions, role=None)
    _refuse_name(name, role_id=None)
    role = CustomRole.objects.create(
        organization_id=actor.organization_id,
        name=name,
        permissions=_words(permissions),
        created_at=now,
    )
    _tell("accounts.custom_role.made", role, actor, before=None, after=_state(role))
    return role


@transaction.atomic
def change_role(
    *,
    actor: Actor,
    role_id: UUID,
    name: str,
    permissions: Collection[Permission],
    now: datetime,
) -> None:
    """Give a role another name or other permissions.

    When it loses or gains one, the sessions of all who have it end, and the keys of
    theirs that the role may not answer for any more.

    Raises:
        RoleNotFoundError: If the clinic has no such role.
        RoleNotYoursError: If it holds, or would hold, more than the actor does, or is
            the actor's own.
        RoleNameTakenError: If another role has the name.
    """
    role = get_custom_role(actor=actor, role_id=role_id)
    _refuse(actor, before=_held(role), after=permissions, role=role)
    _refuse_name(name, role_id=role_id)
    is_other, before = _held(role) != set(permissions), _state(role)
    role.name = name
    role.permissions = _words(permissions)
    role.save(update_fields=["name", "permissions"])
    signed_out = _sign_out(role, actor, now) if is_other else 0
    _tell(
        "accounts.custom_role.changed",
        role,
        actor,
        before=before,
        after=_state(role),
        signed_out=signed_out,
    )


@transaction.atomic
def retire_role(*, actor: Actor, role_id: UUID) -> None:
    """Take a role away that nobody has any more.

    Raises:
        RoleNotFoundError: If the clinic has no such role.
        RoleNotYoursError: If it holds more than the actor does.
        RoleInUseError: If a member has it, or somebody is invited to it.
    """
    role = get_custom_role(actor=actor, role_id=role_id)
    _refuse(actor, before=_held(role), after=(), role=role)
    if Membership.objects.filter(custom_role=role, ended_at=None).exists():
        raise RoleInUseError
    # Who had it when they went comes back, if at all, as what stands beside it: viewer.
    Membership.objects.filter(custom_role=role).update(custom_role=None)
    _tell("accounts.custom_role.retired", role, actor, before=_state(role), after=None)
    try:
        role.delete()
    except ProtectedError:
        raise RoleInUseError from None


def _refuse(
    actor: Actor,
    *,
    before: Collection[Permission],
    after: Collection[Permission],
    role: CustomRole | None,
) -> None:
    composer = lock_roles(actor=actor)
    is_own = role is not None and composer.custom_role_id == role.pk
    refusal = refusal_to_compose(
        composer=composer,
        before=frozenset(before),
        after=frozenset(after),
        is_own=is_own,
    )
    if refusal is not None:
        raise error_of(refusal)


def _refuse_name(name: str, *, role_id: UUID | None) -> None:
    others = CustomRole.objects.filter(name__iexact=name)
    if role_id is not None:
        others = others.exclude(pk=role_id)
    if name.lower().replace(" ", "_") in set(Role) or others.exists():
        raise RoleNameTakenError


def _sign_out(role: CustomRole, actor: Actor, now: datetime) -> int:
    """End sessions and keys of all who have the role; return how many people."""
    members = Membership.objects.filter(custom_role=role, ended_at=None)
    people = list(members.values_list("user_id", flat=True))
    for user_id in people:
        settle_keys(actor=actor, user_id=user_id, now=now)
        end_member_sessions(user_id=user_id)
    return len(people)


def _held(role: CustomRole) -> frozenset[Permission]:
    return frozenset(map(Permission, role.permissions))


def _words(permissions: Collection[Permission]) -> list[str]:
    """Return them in the order of the table, each once."""
    return [one.value for one in Permission if one in permissions]


def _state(role: CustomRole) -> State:
    return {"name": role.name, "permissions": role.permissions}


def _tell(
    action: str,
    role: CustomRole,
    actor: Actor,
    *,
    before: State | None,
    after: State | None,
    signed_out: int = 0,
) -> None:
    hashes = hashes_of(role.organization_id, before=before, after=after)
    counts = {"permissions": len(role.permissions), "signed_out": signed_out}
    audit.record(
        audit.Entry(
            action=action,
            organization_id=role.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="custom_role",
            subject_id=role.pk,
            facts=counts | hashes,
        )
    )
