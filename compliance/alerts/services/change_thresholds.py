"""Say from how many on a clinic is told."""

from dataclasses import asdict

from django.db import transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.models import Organization
from accounts.permissions import Permission
from compliance.alerts.models import AlertThresholds
from compliance.alerts.rules import Thresholds
from compliance.alerts.thresholds import NAMES, read_thresholds
from sondervoice.kernel import audit


@transaction.atomic
def change_thresholds(*, actor: Actor, thresholds: Thresholds) -> None:
    """Set the thresholds of the open clinic; the same again is not written down.

    Raises:
        PermissionMissingError: If the actor may not change the rules for signing in.
    """
    actor.require(Permission.SECURITY_MANAGE)
    organization_id = actor.organization_id
    # One after the other, also where there is no row of the thresholds yet.
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    before = read_thresholds()
    changed = tuple(
        name for name in NAMES if getattr(before, name) != getattr(thresholds, name)
    )
    if not changed:
        return
    AlertThresholds.objects.update_or_create(
        organization_id=organization_id,
        defaults={name: getattr(thresholds, name) for name in NAMES},
    )
    facts = hashes_of(organization_id, before=asdict(before), after=asdict(thresholds))
    facts |= {f"{name}_before": getattr(before, name) for name in changed}
    facts |= {f"{name}_after": getattr(thresholds, name) for name in changed}
    audit.record(
        audit.Entry(
            action="compliance.alert_thresholds.changed",
            organization_id=organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="organization",
            subject_id=organization_id,
            fields=changed,
            facts=facts,
        )
    )
