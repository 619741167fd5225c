"""Two clinics with one of everything, and somebody of each role in the first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from accounts.entitlements import Plan
from accounts.machines.models import TokenFamily
from accounts.machines.services.open_family import make_pair
from accounts.models import (
    Agency,
    AgencyMembership,
    CustomRole,
    Membership,
    Organization,
    User,
)
from accounts.permissions import MEMBER_ROLES, SCOPE_GRANTS, Permission, Role
from accounts.services.create_api_key import create_api_key
from accounts.services.end_sessions import end_own_sessions
from accounts.way_in import signing_in
from sondervoice.demo.people import AGENCY_ID
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
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

# Of somebody with a role of the clinic's own.
CUSTOM = "custom"
CUSTOM_GRANTS = frozenset(
    {Permission.CALLS_VIEW, Permission.MEMBERS_VIEW, Permission.RETENTION_VIEW}
)

AGENCY_IDS = {"Alder": AGENCY_ID, "Birch": uuid7()}

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
        return self.token_for(self.people[role])

    def token_for(self, user: User) -> str:
        """Make one of anybody, as if they belonged here."""
        now, organization = utc_now(), self.clinic.organization
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
    _agency(cast.alder, alder, "Lake")
    _agency(cast.birch, birch, "Zyxville")
    return World(alder=alder, birch=birch, stranger=cast.eve)


def _side(clinic: Clinic, name: str, words: Words) -> Side:
    people = {
        role.value: make_person(f"{name} {role}", f"{role}@{name}.example".lower())
        for role in Role
    }
    people[CUSTOM] = make_person(f"{name} {CUSTOM}", f"{CUSTOM}@{name}.example".lower())
    for role in MEMBER_ROLES:
        join(clinic, people[role.value], role)
    with signing_in():
        User.objects.filter(pk=people[Role.SYSTEM_OPERATOR].pk).update(is_staff=True)
    with tenancy.scope(clinic.organization.id):
        Organization.objects.update(plan=Plan.ENTERPRISE)
        _give_custom_role(clinic, people[CUSTOM])
        ids = {
            **call_things(clinic, words),
            **access_things(clinic, people, words),
            "agency": str(AGENCY_IDS[name]),
        }
    return Side(clinic=clinic, people=people, ids=ids, key=_key(clinic))


def _give_custom_role(clinic: Clinic, user: User) -> None:
    now, organization = utc_now(), clinic.organization
    role = CustomRole.objects.create(
        organization=organization,
        name="Own role",
        permissions=sorted(CUSTOM_GRANTS),
        created_at=now,
    )
    Membership.objects.create(
        organization=organization,
        user=user,
        role=Role.VIEWER,
        custom_role=role,
        created_at=now,
    )


def _agency(clinic: Clinic, side: Side, name: str) -> None:
    """Put the clinic into an agency of its own, with an administrator."""
    agency, _ = Agency.objects.get_or_create(
        id=side.ids["agency"], defaults={"name": name}
    )
    with tenancy.scope(clinic.organization.id):
        Organization.objects.update(agency=agency)
    with signing_in():
        AgencyMembership.objects.create(
            agency=agency,
            user=side.people[Role.AGENCY_ADMINISTRATOR],
            created_at=utc_now(),
        )


def _key(clinic: Clinic) -> str:
    with tenancy.scope(clinic.organization.id):
        return create_api_key(
            organization_id=clinic.organization.id,
            name="All",
            scopes=list(SCOPE_GRANTS),
            now=utc_now(),
        )
