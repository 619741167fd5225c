"""Two clinics with one of everything, and somebody of each role in the first."""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import Agency, AgencyMembership, Membership, Organization, User
from accounts.permissions import MEMBER_ROLES, SCOPE_GRANTS, Role
from accounts.services.create_api_key import create_api_key
from accounts.way_in import signing_in
from sondervoice.demo.people import AGENCY_ID
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from telephony.models import Location
from tests.cast import Clinic, join, make_cast, make_person
from tests.cast_calls import leave_message, make_appointment, make_call, say
from tests.cast_sound import store_sound

# Every word of Birch's that a stranger could see; looked for in every body.
CANARIES = ("Zyx Canaria", "Zyxville", "Wort aus Birch", "+4922155501", "55501 77")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands in a clinic's things."""

    caller: str
    number: str
    said: str
    place: str


PLAIN = Words(
    caller="Nobody Special", number="+13125550171", said="Plain words", place="Home"
)
CANARY = Words(
    caller="Zyx Canaria",
    number="+492215550177",
    said="Wort aus Birch",
    place="Zyxville",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One clinic: its people by role, and the id of one thing of each kind."""

    clinic: Clinic
    people: Mapping[str, User]
    ids: Mapping[str, str]
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Alder, who asks, and Birch, whose things are asked for."""

    alder: Side
    birch: Side
    stranger: User


def make_world() -> World:
    cast = make_cast()
    alder = _side(cast.alder, "Alder", PLAIN)
    birch = _side(cast.birch, "Birch", CANARY)
    _agency(cast.alder, alder.people)
    return World(alder=alder, birch=birch, stranger=cast.eve)


def _side(clinic: Clinic, name: str, words: Words) -> Side:
    people = {
        role.value: make_person(f"{name} {role}", f"{role}@{name}.example".lower())
        for role in Role
    }
    for role in MEMBER_ROLES:
        join(clinic, people[role.value], role)
    with tenancy.scope(clinic.organization.id):
        ids = {**_things(clinic, words), **_members(people)}
    return Side(clinic=clinic, people=people, ids=ids, key=_key(clinic))


def _agency(clinic: Clinic, people: Mapping[str, User]) -> None:
    """Put Alder, not Birch, into an agency with an administrator."""
    agency, _ = Agency.objects.get_or_create(id=AGENCY_ID, defaults={"name": "Lake"})
    with tenancy.scope(clinic.organization.id):
        Organization.objects.update(agency=agency)
    with signing_in():
        AgencyMembership.objects.create(
            agency=agency, user=people[Role.AGENCY_ADMINISTRATOR], created_at=utc_now()
        )


def _things(clinic: Clinic, words: Words) -> dict[str, str]:
    now, caller, number = utc_now(), words.caller, words.number
    call = make_call(clinic, at=now, caller=number, name=caller)
    say(call, 0, "caller", f"{words.said}, {caller}", at_ms=16_000)
    store_sound(call)
    leave_message(call, words.said, name=caller, phone=number)
    make_appointment(clinic, starts_at=now, name=caller, phone=number)
    place = Location.objects.create(
        organization=clinic.organization, name=words.place, created_at=now
    )
    return {
        "call": str(call.id),
        "message": str(call.messages.get().id),
        "location": str(place.id),
        "number": str(clinic.number.id),
        "organization": str(clinic.organization.id),
    }


def _members(people: Mapping[str, User]) -> dict[str, str]:
    viewer = Membership.objects.get(user=people[Role.VIEWER])
    return {"membership": str(viewer.id), "user": str(viewer.user_id)}


def _key(clinic: Clinic) -> str:
    with tenancy.scope(clinic.organization.id):
        return create_api_key(
            organization_id=clinic.organization.id,
            name="All",
            scopes=list(SCOPE_GRANTS),
            now=utc_now(),
        )
