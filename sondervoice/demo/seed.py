"""Brings the demo's people and diary into the database; again is harmless.

It runs as the product's own role: each practice within its own scope, people through
the way in.
"""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import (
    Agency,
    AgencyMembership,
    Membership,
    Organization,
    User,
)
from accounts.way_in import signing_in
from compliance.keys.keys import keys
from compliance.retention.rules import DAYS_DEFAULT, erase_after
from sondervoice.demo import people
from sondervoice.demo.diary import MINUTES, is_taken, places
from sondervoice.demo.people import Person, Practice
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from telephony.models import PhoneNumber
from telephony.reception.models import Agent, AgentVersion
from telephony.scheduling.models import Appointment, AppointmentType, Practitioner, Slot
from telephony.scheduling.sealed import seal_patient_field


def seed(*, now: datetime) -> None:
    """Make what is missing, and free places for six weeks from `now`."""
    Agency.objects.get_or_create(
        id=people.AGENCY_ID, defaults={"name": people.AGENCY_NAME}
    )
    users = _make_people(now)
    with signing_in():
        AgencyMembership.objects.get_or_create(
            agency_id=people.AGENCY_ID,
            user_id=users[people.JO.email],
            defaults={"created_at": now},
        )
    for practice in people.PRACTICES:
        with tenancy.scope(practice.id):
            _make_practice(practice, users, now)
            _make_reception(practice, now)
            _fill_diary(practice, now)


def _make_people(now: datetime) -> dict[str, UUID]:
    """Make the people, with no password: they come in by one-time links."""
    everybody: list[Person] = list(people.OUTSIDERS)
    for practice in people.PRACTICES:
        everybody += [person for person, _ in practice.members]
    with signing_in():
        return {person.email: _make_person(person, now).pk for person in everybody}


def _make_person(person: Person, now: datetime) -> User:
    found = User.objects.filter(email=person.email).first()
    return found or User.objects.create_user(
        person.email, full_name=person.full_name, created_at=now
    )


def _make_practice(practice: Practice, users: dict[str, UUID], now: datetime) -> None:
    Organization.objects.get_or_create(
        id=practice.id,
        defaults={
            "agency_id": people.AGENCY_ID,
            "name": practice.name,
            "slug": practice.slug,
            "timezone": people.TIMEZONE,
            "country": people.COUNTRY,
            "jurisdiction": people.JURISDICTION,
            "created_at": now,
        },
    )
    for person, role in practice.members:
        Membership.objects.get_or_create(
            organization_id=practice.id,
            user_id=users[person.email],
            defaults={"role": role, "created_at": now},
        )


def _make_reception(practice: Practice, now: datetime) -> None:
    agent, _ = Agent.objects.get_or_create(
        organization_id=practice.id,
        name=people.AGENT_NAME,
        defaults={"created_at": now},
    )
    version, _ = AgentVersion.objects.get_or_create(
        organization_id=practice.id,
        agent=agent,
        number=1,
        defaults={
            "languages": list(practice.languages),
            "facts": practice.facts,
            "records": practice.records,
            "put_through_e164": practice.put_through_e164,
            "published_at": now,
        },
    )
    PhoneNumber.objects.get_or_create(
        organization_id=practice.id,
        e164=practice.number_e164,
        defaults={"agent_version": version},
    )


def _fill_diary(practice: Practice, now: datetime) -> None:
    """Add the places that are not there yet; those that are keep what they hold."""
    zone = ZoneInfo(people.TIMEZONE)
    kind, _ = AppointmentType.objects.get_or_create(
        organization_id=practice.id,
        name=practice.appointment_type,
        defaults={"minutes": MINUTES},
    )
    starts = list(places(today=now.astimezone(zone).date(), zone=zone))
    for number, name in enumerate(practice.practitioners):
        practitioner, _ = Practitioner.objects.get_or_create(
            organization_id=practice.id, name=name
        )
        known = set(
            Slot.objects.filter(practitioner=practitioner).values_list(
                "starts_at", flat=True
            )
        )
        fresh = [
            Slot(
                organization_id=practice.id,
                practitioner=practitioner,
                kind=kind,
                starts_at=start,
                ends_at=start + timedelta(minutes=MINUTES),
            )
            for start in starts
            if start not in known
        ]
        Slot.objects.bulk_create(fresh)
        if practice.is_busy:
            taken = [
                slot
                for slot in fresh
                if is_taken(slot.starts_at, practitioner_number=number)
            ]
            _take(taken, practice.id, now)


def _take(slots: list[Slot], organization_id: UUID, now: datetime) -> None:
    appointments = []
    for number, slot in enumerate(slots):
        name, phone = people.PATIENTS[number % len(people.PATIENTS)]
        row_id = uuid7()
        sealed = {
            column: seal_patient_field(
                text,
                column=column,
                organization_id=organization_id,
                row_id=row_id,
                now=now,
            )
            for column, text in (
                ("patient_name_sealed", name),
                ("patient_phone_sealed", phone),
            )
        }
        appointments.append(
            Appointment(
                id=row_id,
                organization_id=organization_id,
                slot=slot,
                patient_phone_index=keys().index(
                    organization_id, kind="phone", value=phone
                ),
                booked_at=now,
                counts_from=max(slot.ends_at, now),
                erase_after=erase_after(
                    ended_at=max(slot.ends_at, now), keep_days=DAYS_DEFAULT
                ),
                **sealed,
            )
        )
    Appointment.objects.bulk_create(appointments)
