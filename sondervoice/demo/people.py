"""The people and clinics of the demo: all invented, under `.example` and 555-01xx."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from accounts.permissions import Role

AGENCY_ID: Final = UUID("01985f00-0000-7000-8000-0000000000a0")
AGENCY_NAME: Final = "Lakeside Practice Support"
CONNECTION_ID: Final = "1684641123236054244"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in."""

    email: str
    full_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A clinic, or something that is run like one.

    Attributes:
        id: Fixed, so that the demo finds its own rows again without looking for them.
        facts: Short answers by topic, as they are said aloud.
        is_busy: Some of its diary is taken from the start.
    """

    id: UUID
    name: str
    slug: str
    number_e164: str
    members: tuple[tuple[Person, Role], ...]
    practitioners: tuple[str, ...]
    appointment_type: str
    languages: tuple[str, ...]
    facts: dict[str, str] = field(default_factory=dict)
    records: bool = True
    put_through_e164: str = ""
    is_busy: bool = False


TIMEZONE: Final = "America/Chicago"
COUNTRY: Final = "US"
JURISDICTION: Final = "US-IL"
AGENT_NAME: Final = "Front desk"

ADA: Final = Person("ada@alder.example", "Ada Alder")
EVE: Final = Person("eve@nowhere.example", "Eve Nobody")
# Administers the agency, and with it both clinics, without being a member of either.
JO: Final = Person("jo@lakeside.example", "Jo Jansen")

ALDER: Final = Practice(
    id=UUID("01985f00-0000-7000-8000-0000000000a1"),
    name="Alder Clinic",
    slug="alder-clinic",
    number_e164="+13125550199",
    members=(
        (ADA, Role.OWNER),
        (Person("ben@alder.example", "Ben Birk"), Role.RECEPTIONIST),
        (Person("cy@alder.example", "Cy Calder"), Role.AUDITOR),
        (Person("fay@alder.example", "Fay Falk"), Role.ADMINISTRATOR),
        (Person("gus@alder.example", "Gus Graf"), Role.CLINICIAN),
        (Person("hal@alder.example", "Hal Holm"), Role.BILLING),
        (Person("ivy@alder.example", "Ivy Iversen"), Role.VIEWER),
    ),
    practitioners=("Doctor Okafor", "Doctor Lindqvist"),
    appointment_type="check-up",
    languages=("en", "de", "fr"),
    facts={
        "hours": "We are open Monday to Friday, from nine to five.",
        "address": "We are at 12 Alder Street, on the second floor.",
        "parking": "You can park behind the house; the first hour is free.",
    },
    put_through_e164="+13125550150",
    is_busy=True,
)

BIRCH: Final = Practice(
    id=UUID("01985f00-0000-7000-8000-0000000000b1"),
    name="Birch Legal",
    slug="birch-legal",
    number_e164="+13125550198",
    members=((Person("dot@birch.example", "Dot Dahl"), Role.OWNER),),
    practitioners=("Ms Dahl",),
    appointment_type="consultation",
    languages=("en",),
    facts={"hours": "We are open on weekdays, from nine to five."},
    records=False,
)

PRACTICES: Final = (ALDER, BIRCH)
OUTSIDERS: Final = (EVE, JO)

PATIENTS: Final = (
    ("Nora Quist", "+13125550111"),
    ("Ivan Petrov", "+13125550112"),
    ("Lena Brandt", "+13125550113"),
    ("Omar Haddad", "+13125550114"),
    ("June Okoye", "+13125550115"),
    ("Teo Marchetti", "+13125550116"),
)
