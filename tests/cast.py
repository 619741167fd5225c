"""The standing cast: everybody the tests and the pages are about. All invented.

Alder Clinic in Chicago: Ada owns it, Ben is at the desk, Cy audits. Birch Legal in
Cologne: Dot owns it. Eve belongs to nobody. Builders make rows as the product leaves
them: sealed in their place.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.actors import Actor
from accounts.models import Membership, Organization, User
from accounts.permissions import ROLE_GRANTS, Role
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from telephony.models import PhoneNumber
from telephony.reception.models import Agent, AgentVersion
from telephony.scheduling.models import AppointmentType, Practitioner

PASSWORD = "correct horse battery staple"
CHICAGO = ZoneInfo("America/Chicago")
# A Friday, 09:42 in Chicago.
NOW = datetime(2026, 11, 20, 15, 42, tzinfo=UTC)
HANNAH = "+13125550136"
OMAR = "+13125550171"
RUTH = "+13125550164"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """A clinic with what it needs to take calls."""

    organization: Organization
    agent_version: AgentVersion
    number: PhoneNumber
    practitioner: Practitioner
    check_up: AppointmentType


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody."""

    alder: Clinic
    birch: Clinic
    ada: User
    ben: User
    cy: User
    dot: User
    eve: User


def make_person(name: str, email: str) -> User:
    with signing_in():
        return User.objects.create_user(email, PASSWORD, full_name=name, created_at=NOW)


def join(clinic: Clinic, user: User, role: Role) -> None:
    organization = clinic.organization
    with tenancy.scope(organization.id):
        Membership.objects.create(
            organization=organization, user=user, role=role, created_at=NOW
        )


def actor_for(user: User, clinic: Clinic, role: Role) -> Actor:
    return Actor(
        kind="user",
        id=user.id,
        organization_id=clinic.organization.id,
        permissions=ROLE_GRANTS[role],
    )


def make_clinic(
    *,
    name: str,
    slug: str,
    timezone: str,
    country: str,
    jurisdiction: str,
    e164: str,
    languages: list[str],
) -> Clinic:
    organization = Organization(
        name=name,
        slug=slug,
        timezone=timezone,
        country=country,
        jurisdiction=jurisdiction,
        created_at=NOW,
    )
    with tenancy.scope(organization.id):
        organization.save(force_insert=True)
        return furnish_clinic(organization, e164=e164, languages=languages)


def furnish_clinic(
    organization: Organization, *, e164: str, languages: list[str]
) -> Clinic:
    """Give a clinic, in its open scope, what it needs to take calls."""
    agent = Agent.objects.create(
        organization=organization, name="Front desk", created_at=NOW
    )
    version = AgentVersion.objects.create(
        organization=organization,
        agent=agent,
        number=13,
        languages=languages,
        facts={"parking": "There is a car park behind the house."},
        records=True,
        published_at=NOW - timedelta(days=8),
    )
    return Clinic(
        organization=organization,
        agent_version=version,
        number=PhoneNumber.objects.create(
            organization=organization, e164=e164, agent_version=version
        ),
        practitioner=Practitioner.objects.create(
            organization=organization, name="Dr. Okafor"
        ),
        check_up=AppointmentType.objects.create(
            organization=organization, name="check-up", minutes=20
        ),
    )


def make_cast() -> Cast:
    alder = make_clinic(
        name="Alder Clinic",
        slug="alder",
        timezone="America/Chicago",
        country="US",
        jurisdiction="US-IL",
        e164="+13125550100",
        languages=["en", "de"],
    )
    birch = make_clinic(
        name="Birch Legal",
        slug="birch",
        timezone="Europe/Berlin",
        country="DE",
        jurisdiction="DE",
        e164="+4922155500199",
        languages=["de"],
    )
    cast = Cast(
        alder=alder,
        birch=birch,
        ada=make_person("Ada Lindgren", "ada@alder-clinic.example"),
        ben=make_person("Ben Osei", "ben@alder-clinic.example"),
        cy=make_person("Cy Moreno", "cy@alder-clinic.example"),
        dot=make_person("Dot Hartmann", "dot@birch-legal.example"),
        eve=make_person("Eve Nobody", "eve@elsewhere.example"),
    )
    join(alder, cast.ada, Role.OWNER)
    join(alder, cast.ben, Role.RECEPTIONIST)
    join(alder, cast.cy, Role.AUDITOR)
    join(birch, cast.dot, Role.OWNER)
    return cast
