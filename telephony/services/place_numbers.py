"""Name the clinic's places, and say at which place a number rings."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.permissions import Permission
from sondervoice.kernel import audit
from telephony.errors import (
    NumberNotFoundError,
    PlaceNameRefusedError,
    PlaceNotFoundError,
)
from telephony.models import Location, PhoneNumber


@transaction.atomic
def add_place(*, actor: Actor, name: str, now: datetime) -> Location:
    """Add a place under this name.

    Raises:
        PermissionMissingError: If the actor may not change the clinic.
        PlaceNameRefusedError: If the name is empty, too long, or taken.
    """
    actor.require(Permission.CLINIC_MANAGE)
    wanted = _checked(name)
    place = Location.objects.create(
        organization_id=actor.organization_id, name=wanted, created_at=now
    )
    facts = hashes_of(place.organization_id, before=None, after={"name": wanted})
    _record("telephony.place.added", actor, "location", place.id, facts)
    return place


@transaction.atomic
def rename_place(*, actor: Actor, location_id: UUID, name: str) -> None:
    """Call a place something else.

    Raises:
        PermissionMissingError: If the actor may not change the clinic.
        PlaceNameRefusedError: If the name is empty, too long, or taken.
        PlaceNotFoundError: If it is not one of the clinic's.
    """
    place = Location.objects.select_for_update().filter(pk=location_id).first()
    if place is None:
        raise PlaceNotFoundError
    actor.require(Permission.CLINIC_MANAGE)
    if place.name == name.strip():
        return
    before = {"name": place.name}
    place.name = _checked(name)
    place.save(update_fields=["name"])
    facts = hashes_of(place.organization_id, before=before, after={"name": place.name})
    _record("telephony.place.renamed", actor, "location", place.id, facts)


@transaction.atomic
def move_number(*, actor: Actor, number_id: UUID, location_id: UUID | None) -> None:
    """Say at which place a number rings; None for nowhere in particular.

    Raises:
        NumberNotFoundError: If it is not one of the clinic's.
        PermissionMissingError: If the actor may not change the clinic.
        PlaceNotFoundError: If the place is not one of the clinic's.
    """
    number = PhoneNumber.objects.select_for_update().filter(pk=number_id).first()
    if number is None:
        raise NumberNotFoundError
    actor.require(Permission.CLINIC_MANAGE)
    if location_id and not Location.objects.filter(pk=location_id).exists():
        raise PlaceNotFoundError(kind="location", thing_id=location_id)
    before, after = {"location": number.location_id}, {"location": location_id}
    number.location_id = location_id
    number.save(update_fields=["location"])
    facts = hashes_of(number.organization_id, before=before, after=after)
    if location_id is not None:
        facts["location"] = location_id
    _record("telephony.number.moved", actor, "number", number.id, facts)


def _checked(name: str) -> str:
    wanted = name.strip()
    longest = Location._meta.get_field("name").max_length or 0
    if not wanted or len(wanted) > longest:
        raise PlaceNameRefusedError("Write a name of at most 100 letters.")
    if Location.objects.filter(name__iexact=wanted).exists():
        raise PlaceNameRefusedError("There is a place of this name already.")
    return wanted


def _record(
    action: str,
    actor: Actor,
    kind: str,
    subject_id: UUID,
    facts: Mapping[str, audit.Fact],
) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind=kind,
            subject_id=subject_id,
            facts=facts,
        )
    )
