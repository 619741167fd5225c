"""Change what a clinic is called and its clock, and end the work of its agency."""

from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.clinics.errors import AgencyNotYoursError, NoAgencyError
from accounts.machines.services.settle_keys import settle_keys
from accounts.models import Organization
from accounts.permissions import Permission, Role
from sondervoice.kernel import audit

_FIELDS: Final = ("name", "timezone")


@transaction.atomic
def change_clinic(*, actor: Actor, name: str, timezone: str) -> None:
    """Give the clinic this name and this time zone.

    Raises:
        PermissionMissingError: If the actor may not.
    """
    actor.require(Permission.CLINIC_MANAGE)
    clinic = Organization.objects.select_for_update(no_key=True).get(
        pk=actor.organization_id
    )
    wanted = {"name": name, "timezone": timezone}
    before = {field: getattr(clinic, field) for field in _FIELDS}
    changed = [field for field in _FIELDS if before[field] != wanted[field]]
    if not changed:
        return
    for field in changed:
        setattr(clinic, field, wanted[field])
    clinic.save(update_fields=changed)
    audit.record(
        audit.Entry(
            action="accounts.organization.changed",
            organization_id=clinic.pk,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="organization",
            subject_id=clinic.pk,
            fields=tuple(changed),
            facts=hashes_of(clinic.pk, before=before, after=wanted),
        )
    )


@transaction.atomic
def leave_agency(*, actor: Actor, now: datetime) -> None:
    """End the agency's access to the clinic, from the next request on, and its keys.

    Raises:
        AgencyNotYoursError: If the actor is no owner: an agency does not judge itself.
        NoAgencyError: If none looks after the clinic.
    """
    actor.require(Permission.CLINIC_MANAGE)
    if actor.role != Role.OWNER:
        raise AgencyNotYoursError
    clinic = Organization.objects.select_for_update(no_key=True).get(
        pk=actor.organization_id
    )
    agency_id = clinic.agency_id
    if agency_id is None:
        raise NoAgencyError
    clinic.agency = None
    clinic.save(update_fields=["agency"])
    settle_keys(actor=actor, user_id=None, now=now)
    audit.record(
        audit.Entry(
            action="accounts.agency.left",
            organization_id=clinic.pk,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="organization",
            subject_id=clinic.pk,
            facts={"agency_id": agency_id}
            | hashes_of(clinic.pk, before={"agency": agency_id}, after=None),
        )
    )
