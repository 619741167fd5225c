"""Change how long a clinic's people stay signed in."""

from dataclasses import dataclass, fields

from django.db import transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.models import Organization
from accounts.permissions import Permission
from sondervoice.kernel import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The three numbers that a clinic chooses; the database knows their bounds."""

    idle_minutes: int
    session_hours: int
    access_token_minutes: int


@transaction.atomic
def change_limits(*, actor: Actor, limits: Limits) -> None:
    """Set the limits of the open clinic; open sessions go by them at once.

    What stays the same is not written down.

    Raises:
        PermissionMissingError: If the actor may not change the rules for signing in.
    """
    actor.require(Permission.SECURITY_MANAGE)
    organization = Organization.objects.select_for_update().get(
        pk=actor.organization_id
    )
    names = [one.name for one in fields(Limits)]
    before = {name: getattr(organization, name) for name in names}
    after = {name: getattr(limits, name) for name in names}
    changed = tuple(name for name in names if before[name] != after[name])
    if not changed:
        return
    for name in changed:
        setattr(organization, name, after[name])
    organization.save(update_fields=changed)
    _record(actor, changed, before, after)


def _record(
    actor: Actor,
    changed: tuple[str, ...],
    before: dict[str, int],
    after: dict[str, int],
) -> None:
    facts = hashes_of(actor.organization_id, before=before, after=after)
    facts |= {f"{name}_before": before[name] for name in changed}
    facts |= {f"{name}_after": after[name] for name in changed}
    audit.record(
        audit.Entry(
            action="accounts.limits.changed",
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="organization",
            subject_id=actor.organization_id,
            fields=changed,
            facts=facts,
        )
    )
