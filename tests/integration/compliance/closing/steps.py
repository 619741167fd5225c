"""A clinic with a row in every table, its closing, and what is left of it."""

from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db import connection

from accounts.actors import Actor
from accounts.models import Organization
from accounts.permissions import ROLE_GRANTS, Role
from accounts.way_in import signing_in
from compliance.closing.jobs import closings
from compliance.closing.models import Closing
from compliance.closing.services.ask_closing import ask_closing
from compliance.retention.models import LegalHold
from sondervoice.kernel import tenancy
from sondervoice.kernel.clinic_rows import leaving
from sondervoice.kernel.jobs import run_waiting
from sondervoice.kernel.models import OutboxJob
from tests.cast import NOW
from tests.clock import StoppedClock
from tests.integration.telephony.posts import LONG
from tests.matrix.world import Side


def owner_of(side: Side, *, at: datetime, role: Role = Role.OWNER) -> Actor:
    return Actor(
        kind="user",
        id=side.people[role].pk,
        organization_id=side.clinic.organization.id,
        permissions=ROLE_GRANTS[role],
        role=role,
        factor_at=at,
    )


def ask(side: Side, *, at: datetime, stops_at_once: bool = False) -> Closing:
    with tenancy.scope(side.clinic.organization.id):
        return ask_closing(
            actor=owner_of(side, at=at),
            typed_name=side.clinic.organization.name,
            stops_at_once=stops_at_once,
            now=at,
        )


def tick(*sides: Side) -> None:
    """Let the clock's task run, and all jobs of these clinics, due or not."""
    closings()
    ran = 1
    while ran:
        for side in sides:
            with tenancy.scope(side.clinic.organization.id):
                OutboxJob.objects.filter(attempts=0).update(next_at=NOW - LONG)
        ran = run_waiting()


def close_whole(side: Side, clock: StoppedClock) -> Closing:
    """Go from the question to the last second look, and return the closing."""
    closing = ask(side, at=clock.at)
    clock.at = closing.grace_ends_at
    tick(side)
    clock.move(minutes=11)
    tick(side)
    return read(side)


def read(side: Side) -> Closing:
    with tenancy.scope(side.clinic.organization.id):
        return Closing.objects.order_by("-asked_at").first()


def organization(side: Side) -> Organization:
    organization_id: UUID = side.clinic.organization.id
    with tenancy.scope(organization_id):
        return Organization.objects.get(pk=organization_id)


def release_holds(side: Side, *, at: datetime) -> None:
    with tenancy.scope(side.clinic.organization.id):
        LegalHold.objects.filter(released_at=None).update(released_at=at)


def counts(side: Side) -> dict[str, int]:
    """Return how many rows each model that goes at closing has of the clinic."""
    organization_id = side.clinic.organization.id
    found = {}
    with (
        tenancy.scope(organization_id),
        signing_in(),
        connection.cursor() as cursor,
    ):
        for name in leaving():
            table = apps.get_model(name)._meta.db_table
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE organization_id = %s",  # noqa: S608
                [organization_id],
            )
            found[name] = cursor.fetchone()[0]
    return found
