"""An invitation to see some places or receptionists alone."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.joining.models import Invitation
from accounts.models import (
    Agency,
    AgencyMembership,
    CustomRole,
    Membership,
    ObjectGrant,
    Organization,
    User,
)
from accounts.permissions import Role
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from telephony.models import Location
from telephony.reception.models import Agent
from tests.cast import NOW, Cast, join
from tests.cast_calls import make_call
from tests.cast_fixtures import SignIn
from tests.integration.accounts.joining.letters import (
    letters,
    link_in_last_letter,
    run_jobs,
)

PEOPLE = "/app/settings/people/"
INVITE = f"{PEOPLE}invite/"
GIL = "gil@alder-clinic.example"
JOINS = {"full_name": "Gil Grant", "password": "three words are good"}
SOME_CALLS = "the calls of some of its places or receptionists, not of all."


def _place(cast: Cast, name: str, *, of_birch: bool = False) -> str:
    clinic = (cast.birch if of_birch else cast.alder).organization
    with tenancy.scope(clinic.id):
        return str(
            Location.objects.create(organization=clinic, name=name, created_at=NOW).pk
        )


def _agent(cast: Cast) -> str:
    with tenancy.scope(cast.alder.organization.id):
        return str(Agent.objects.get().pk)


def _invite(client: Client, *only: str, email: str = GIL, **other: str):
    body = {"email": email, "role": "receptionist", "days": "7", "sees": "some"}
    return client.post(INVITE, {**body, **other, "only": list(only)})


def _invitations(cast: Cast) -> list[Invitation]:
    with tenancy.scope(cast.alder.organization.id):
        return list(Invitation.objects.order_by("created_at", "id"))


def _limits(cast: Cast, email: str) -> tuple[bool, set[str]]:
    """Return whether the person is limited, and to what."""
    with signing_in():
        user = User.objects.get(email=email)
    with tenancy.scope(cast.alder.organization.id):
        member = Membership.objects.get(user=user, ended_at=None)
        grants = ObjectGrant.objects.filter(user=user)
        return member.is_limited, set(grants.values_list("object_pk", flat=True))


def _facts(cast: Cast, action: str) -> dict[str, object]:
    with tenancy.scope(cast.alder.organization.id):
        return AuditLog.objects.get(action=action).facts


@pytest.fixture
def annex(cast: Cast) -> str:
    return _place(cast, "Annex")


@pytest.fixture
def adas(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.ada)


class TestLimitedInvitation:
    def test_makes_a_member_who_is_limited_from_the_first_look_on(
        self, cast: Cast, adas: Client, annex: str, signed_in: SignIn
    ):
        with tenancy.scope(cast.alder.organization.id):
            make_call(cast.alder, at=NOW, caller="+13125550171", name="Omar Haddad")
        _invite(adas, annex)
        listed = adas.get(PEOPLE).content.decode()
        link, guest = link_in_last_letter(), Client()
        shown = guest.get(link).content.decode()
        guest.post(link, JOINS)
        with signing_in():
            gil = User.objects.get(email=GIL)
        calls = signed_in(gil).get("/app/calls/?when=all")

        assert "Sees some calls" in listed
        assert SOME_CALLS in shown
        assert "Annex" not in shown
        assert _limits(cast, GIL) == (True, {annex})
        assert calls.context["days"] == []
        assert _facts(cast, "accounts.invitation.made") == {
            "days": 7,
            "has_custom_role": False,
            "is_limited": True,
            "grants": 1,
        }
        accepted = _facts(cast, "accounts.invitation.accepted")
        assert (accepted["is_limited"], accepted["grants"]) == (True, 1)

    def test_is_said_in_its_letter_without_names(self, adas: Client, annex: str):
        _invite(adas, annex)
        run_jobs()

        (letter,) = mail.outbox
        assert SOME_CALLS in str(letter.body)
        assert "Annex" not in str(letter.body)

    def test_to_all_calls_says_nothing_of_it(self, cast: Cast, adas: Client, annex):
        _invite(adas, annex, sees="all")
        listed = adas.get(PEOPLE).content.decode()
        run_jobs()

        (letter,) = mail.outbox
        assert "receptionists" not in str(letter.body)
        assert "Sees some calls" not in listed
        (row,) = _invitations(cast)
        assert row.limited_to is None

    def test_is_meant_where_something_is_ticked_and_no_more_is_said(
        self, cast: Cast, adas: Client, annex: str
    ):
        _invite(adas, annex, _agent(cast), sees="")

        (row,) = _invitations(cast)
        assert set(map(str, row.limited_to or ())) == {annex, _agent(cast)}

    @pytest.mark.parametrize("left", [1, 0])
    def test_never_shows_more_once_what_it_names_is_gone(
        self, cast: Cast, adas: Client, annex: str, left: int
    ):
        named = [annex, _place(cast, "Harbour")]
        _invite(adas, *named)
        with tenancy.scope(cast.alder.organization.id):
            Location.objects.filter(pk__in=named[left:]).delete()

        Client().post(link_in_last_letter(), JOINS)

        assert _limits(cast, GIL) == (True, set(named[:left]))
        assert _facts(cast, "accounts.invitation.accepted")["grants"] == left

    def test_stays_as_it_was_when_it_is_sent_again(
        self, cast: Cast, adas: Client, annex: str
    ):
        _invite(adas, annex)
        (row,) = _invitations(cast)
        adas.post(f"{PEOPLE}invitations/{row.id}/resend/")

        Client().post(link_in_last_letter(), JOINS)

        assert _limits(cast, GIL) == (True, {annex})

    def test_limits_nobody_once_withdrawn(self, cast: Cast, adas: Client, annex: str):
        _invite(adas, annex)
        (row,) = _invitations(cast)
        adas.post(f"{PEOPLE}invitations/{row.id}/withdraw/")
        _invite(adas, sees="all")

        Client().post(link_in_last_letter(), JOINS)

        assert _limits(cast, GIL) == (False, set())

    @pytest.mark.parametrize("sees", ["some", "all"])
    def test_replaces_the_limits_of_who_was_here_before(
        self, cast: Cast, adas: Client, annex: str, signed_in: SignIn, sees: str
    ):
        with tenancy.scope(cast.alder.organization.id):
            row = Membership.objects.get(user=cast.ben)
        old = {"sees": "some", "only": [_place(cast, "Harbour")]}
        adas.post(f"{PEOPLE}{row.pk}/limits/", old)
        adas.post(f"{PEOPLE}{row.pk}/let-go/")
        _invite(adas, annex, email=cast.ben.email, sees=sees)
        link = link_in_last_letter()

        signed_in(cast.ben).post(link)

        is_limited = sees == "some"
        grants = {annex} if is_limited else set()
        assert _limits(cast, cast.ben.email) == (is_limited, grants)


class TestWhatIsNotRight:
    @pytest.mark.parametrize(
        ("only", "change", "status", "words"),
        [
            ("nothing", {}, 422, "Tick a place or a receptionist"),
            ("annex", {"role": "owner"}, 422, "An owner sees all calls."),
            ("annex", {"sees": "most"}, 422, "Choose which calls they will see."),
            ("foreign", {}, 404, ""),
            ("foreign", {"sees": ""}, 404, ""),
            ("no id", {}, 404, ""),
            ("nobody's", {}, 404, ""),
        ],
    )
    def test_makes_no_invitation(
        self, cast: Cast, adas: Client, annex: str, only, change, status, words
    ):
        ticked: dict[str, Callable[[], list[str]]] = {
            "nothing": list,
            "annex": lambda: [annex],
            "foreign": lambda: [annex, _place(cast, "Cologne", of_birch=True)],
            "no id": lambda: [annex, "x"],
            "nobody's": lambda: [str(uuid7())],
        }

        answer = _invite(adas, *ticked[only](), **change)

        assert answer.status_code == status
        assert words in answer.content.decode()
        assert "Cologne" not in answer.content.decode()
        assert _invitations(cast) == []
        assert letters() == []

    def test_keeps_what_was_ticked(self, adas: Client, annex: str):
        page = _invite(adas, annex, email="gil")

        assert page.status_code == 422
        assert page.context["granted"] == [annex]
        assert page.context["is_limited"] is True

    def test_is_no_row_of_an_owner_who_is_limited(
        self, cast: Cast, adas: Client, annex
    ):
        _invite(adas, annex)

        with (
            tenancy.scope(cast.alder.organization.id),
            pytest.raises(IntegrityError, match="invitation_owner_sees_all"),
            transaction.atomic(),
        ):
            Invitation.objects.update(role=Role.OWNER)


class TestWhoInvites:
    def test_chooses_among_what_the_clinic_has(
        self, cast: Cast, adas: Client, annex: str
    ):
        _place(cast, "Cologne", of_birch=True)

        offers = adas.get(INVITE).context["offers"]

        assert [one.title for one in offers] == ["Places", "Receptionists"]
        assert list(offers[0].options) == [(annex, "Annex")]
        assert [one for one, _ in offers[1].options] == [_agent(cast)]

    def test_is_offered_nothing_where_they_see_no_calls(
        self, cast: Cast, annex: str, signed_in: SignIn
    ):
        with tenancy.scope(cast.alder.organization.id):
            role = CustomRole.objects.create(
                organization=cast.alder.organization,
                name="Helper",
                permissions=["members.view", "members.manage"],
                created_at=NOW,
            )
            join(cast.alder, cast.eve, Role.VIEWER)
            cast.eve.memberships.update(custom_role=role)

        page = signed_in(cast.eve).get(INVITE)

        assert page.status_code == 200
        assert page.context["offers"] == []
        assert "Calls they will see" not in page.content.decode()

    def test_from_an_agency_has_the_owners_told_of_the_limits(
        self, cast: Cast, annex: str, signed_in: SignIn
    ):
        agency = Agency.objects.create(name="Lakeside Practice Support")
        with signing_in():
            AgencyMembership.objects.create(
                agency=agency, user=cast.eve, created_at=NOW
            )
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(agency=agency)
        client = signed_in(cast.eve)

        answer = _invite(client, annex, role="viewer")
        run_jobs()

        assert answer.status_code == 302
        words = {one.to[0]: str(one.body) for one in mail.outbox}[cast.ada.email]
        assert (
            f"invited {GIL} as viewer, to see the calls of some places or receptionists"
        ) in words
        assert "Annex" not in words
        (row,) = _invitations(cast)
        assert row.limited_to == [UUID(annex)]
