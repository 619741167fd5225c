"""Say which directory the clinic has, and how it is spoken to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.permissions import Permission
from accounts.sso.errors import SsoNotReadyError
from accounts.sso.models import SsoConnection
from accounts.sso.record import by_member, state_of
from accounts.sso.role_map import carry_limits
from accounts.sso.secrets import seal
from accounts.sso.services.bounds import (
    require_may_answer_for_people,
    require_may_give,
)
from sondervoice.kernel import audit
from sondervoice.kernel.ids import uuid7

# Who changes one of these speaks of another directory: it is to be tested anew.
_WHO: Final = ("kind", "issuer", "client_id", "sso_url")
# Who changes one of these could answer for the directory, and so for its people.
_PROOF: Final = (*_WHO, "certificates", "client_secret", "trusts_second_factor")
_ENFORCED: Final = (
    "Everybody must come in by this directory now. Let passwords in again first, then "
    "change it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a clinic says of its directory.

    Attributes:
        client_secret: A new one; empty keeps the one that is there.
    """

    kind: str
    preset: str
    label: str
    issuer: str
    client_id: str = ""
    client_secret: str = ""
    sso_url: str = ""
    certificates: tuple[str, ...] = ()
    groups_claim: str = "groups"
    role_map: tuple[tuple[str, str], ...] = ()
    default_role: str = ""
    trusts_second_factor: bool = False

    @property
    def roles(self) -> set[str]:
        """The roles that it gives."""
        return {role for _, role in self.role_map} | ({self.default_role} - {""})

    def fields(self) -> dict[str, Any]:
        """Return the columns as they are to be; the secret has its own way."""
        return {
            "kind": self.kind,
            "preset": self.preset,
            "label": self.label,
            "issuer": self.issuer,
            "client_id": self.client_id,
            "sso_url": self.sso_url,
            "certificates": list(self.certificates),
            "groups_claim": self.groups_claim,
            "role_map": [list(line) for line in self.role_map],
            "default_role": self.default_role,
            "trusts_second_factor": self.trusts_second_factor,
        }


@transaction.atomic
def set_up_connection(*, actor: Actor, wanted: Wanted, now: datetime) -> SsoConnection:
    """Return the clinic's connection as wanted.

    Another directory than before goes back to a draft, which nobody comes in by. Lines
    keep the limits of their group; see `accounts.sso.role_map.carry_limits`.

    Raises:
        PermissionMissingError: If the actor may not set it up.
        RoleNotYoursError: If it gives a role that the actor could not give by hand.
        SsoNotReadyError: If it would be another directory while everybody must come in
            by the one that is there.
        SsoOwnersOnlyError: If somebody comes in by it who holds what the actor could
            not give, and the actor would change how it proves itself.
    """
    actor.require(Permission.SSO_MANAGE)
    require_may_give(actor, wanted.roles)
    # Locked: the limits of its lines are changed by another page.
    row = SsoConnection.objects.select_for_update().first() or SsoConnection(
        id=uuid7(), organization_id=actor.organization_id, created_at=now
    )
    before = None if row._state.adding else state_of(row)  # noqa: SLF001 -- Django's own word for "not stored yet"
    changed = [
        name for name, value in wanted.fields().items() if getattr(row, name) != value
    ]
    changed += ["client_secret"] if wanted.client_secret else []
    limits = _carried(row, wanted)
    changed += ["limits_by_group"] if limits != row.limits_by_group else []
    if set(changed) & set(_PROOF):
        require_may_answer_for_people(actor)
    if before is not None and set(changed) & set(_WHO):
        if row.is_enforced:
            raise SsoNotReadyError(_ENFORCED)
        row.status = SsoConnection.Status.DRAFT
        row.tested_at = None
    row.limits_by_group = limits
    _save(row, wanted)
    _record(actor, row, changed, before=before, after=state_of(row))
    return row


def _carried(row: SsoConnection, wanted: Wanted) -> dict[str, list[str]]:
    return carry_limits(
        row.limits_by_group,
        before={group for group, _ in row.role_map},
        after={group for group, _ in wanted.role_map},
    )


def _save(row: SsoConnection, wanted: Wanted) -> None:
    for name, value in wanted.fields().items():
        setattr(row, name, value)
    if wanted.client_secret:
        row.sealed_secret = seal(wanted.client_secret.encode(), row_id=row.id)
    row.save()


def _record(
    actor: Actor,
    row: SsoConnection,
    changed: list[str],
    *,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> None:
    audit.record(
        audit.Entry(
            action="accounts.sso.set_up",
            **by_member(actor, "sso_connection", row.id),
            fields=tuple(changed),
            facts=hashes_of(row.organization_id, before=before, after=after),
        )
    )
