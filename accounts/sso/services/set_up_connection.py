"""Say which directory the clinic has, and how it is spoken to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from accounts.actors import Actor
from accounts.permissions import Permission, Role
from accounts.roles.rules import standing_of
from accounts.roles.services.settle_standing import refuse_against_rules
from accounts.sso.errors import SsoNotReadyError
from accounts.sso.models import SsoConnection
from accounts.sso.record import by_member
from accounts.sso.secrets import seal
from accounts.sso.selectors.connections import find_connection
from sondervoice.kernel import audit
from sondervoice.kernel.ids import uuid7

# Who changes one of these speaks of another directory: it is to be tested anew.
_WHO: Final = ("kind", "issuer", "client_id", "sso_url")
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


def _refuse_roles(actor: Actor, wanted: Wanted) -> None:
    """A directory gives roles as an invitation does: by the same rules."""
    roles = {role for _group, role in wanted.role_map} | {wanted.default_role}
    for role in sorted(roles - {""}):
        refuse_against_rules(
            actor=actor, is_own=False, before=None, after=standing_of(Role(role))
        )


@transaction.atomic
def set_up_connection(*, actor: Actor, wanted: Wanted, now: datetime) -> SsoConnection:
    """Return the clinic's connection as wanted.

    Another directory than before goes back to a draft, which nobody comes in by.

    Raises:
        RoleNotYoursError: If it would give a role that is not the actor's to give.
        SsoNotReadyError: If it would be another directory while everybody must come in
            by the one that is there.
    """
    actor.require(Permission.SSO_MANAGE)
    _refuse_roles(actor, wanted)
    row = find_connection() or SsoConnection(
        id=uuid7(), organization_id=actor.organization_id, created_at=now
    )
    changed = [
        name for name, value in wanted.fields().items() if getattr(row, name) != value
    ]
    if not row._state.adding and set(changed) & set(_WHO):  # noqa: SLF001 -- Django's own word for "not stored yet"
        if row.is_enforced:
            raise SsoNotReadyError(_ENFORCED)
        row.status = SsoConnection.Status.DRAFT
        row.tested_at = None
    for name in changed:
        setattr(row, name, wanted.fields()[name])
    if wanted.client_secret:
        row.sealed_secret = seal(wanted.client_secret.encode(), row_id=row.id)
        changed.append("client_secret")
    row.save()
    audit.record(
        audit.Entry(
            action="accounts.sso.set_up",
            **by_member(actor, "sso_connection", row.id),
            fields=tuple(changed),
        )
    )
    return row
