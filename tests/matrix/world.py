"""Two clinics with one of everything, and somebody of each role in the first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from accounts.entitlements import Plan
from accounts.machines.models import TokenFamily
from accounts.machines.services.open_family import make_pair
from accounts.models import Agency, AgencyMembership, Organization, User
from accounts.permissions import MEMBER_ROLES, SCOPE_GRANTS, Role
from accounts.services.create_api_key import create_api_key
from accounts.services.end_sessions import end_own_sessions
from accounts.way_in import signing_in
from sondervoice.demo.people import AGENCY_ID
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import Clinic, join, make_cast, make_person
from tests.matrix.things import Words, access_things, call_things

# Every word of Birch's that a stranger could see; looked for in every body.
CANARIES = (
    "Zyx Canaria",
    "zyxville",
    "Zyxville",
    "Wort aus Birch",
    "+4922155501",
    "55501 77",
)

PLAIN = Words(
    caller="Nobody Special", number="+13125550171", said="Plain words", named="Home"
)
CANARY = Words(
    caller="Zyx Canaria",
    number="+492215550177",
    said="Wort aus Birch",
    named="Zyxville",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One clinic: its people by role, and the id of one thing of each kind."""

    clinic: Clinic
    people: Mapping[str, User]
    ids: Mapping[str, str]
    key: str

    def token_of(self, role: str) -> str:
        """Make an access token of somebody here; it ends what else they have open."""
        user, now = self.people[role], utc_now()
        organization = self.clinic.organization
        with transaction.atomic():
            family = TokenFamily(
                user=user,
                organization_id=organization.id,
                epoch=end_own_sessions(user_id=user.pk),
                factor_at=now,
                address="127.0.0.1",
                started_at=now,
                used_at=now,
                expires_at=now + timedelta(hours=1),
            )
            pair = make_pair(family, organization=organization, now=now)
            family.save(force_insert=True)
        return pair.access


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
        Organization.objects.update(plan=Plan.ENTERPRISE)
        ids = {
            **call_things(clinic, words),
            **access_things(clinic, people, words),
            "agency": str(AGENCY_ID),
        }
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


def _key(clinic: Clinic) -> str:
    with tenancy.scope(clinic.organization.id):
        return create_api_key(
            organization_id=clinic.organization.id,
            name="All",
            scopes=list(SCOPE_GRANTS),
            now=utc_now(),
        )
