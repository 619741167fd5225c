import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import (
    Agency,
    AgencyMembership,
    CustomRole,
    Organization,
    User,
)
from accounts.permissions import Role
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from tests.cast import NOW, Cast, join, make_person
from tests.cast_fixtures import SignIn
from tests.integration.accounts.joining.conftest import PEOPLE, House

ALL = [
    ("Ada Lindgren", "owner"),
    ("Ben Osei", "receptionist"),
    ("Cy Moreno", "auditor"),
]


@pytest.fixture
def max_(cast: Cast) -> User:
    admin = make_person("Max Mann", "max@alder-clinic.example")
    join(cast.alder, admin, Role.ADMINISTRATOR)
    return admin


def _give(client: Client, house: House, user: User, role: str):
    row = house.member(user)
    return client.post(f"{PEOPLE}{row.id}/role/", {"role": role})


def _close(user: User) -> None:
    with signing_in():
        User.objects.filter(pk=user.pk).update(is_active=False)


def _epoch(user: User) -> int:
    with signing_in():
        return User.objects.get(pk=user.pk).session_epoch


class TestPeople:
    def test_shows_who_belongs_to_the_clinic(self, cast: Cast, adas: Client):
        with signing_in():
            User.objects.filter(pk=cast.ben.pk).update(second_factor_since=NOW)

        answer = adas.get(PEOPLE)

        assert [
            (one.name, one.role, one.has_factor, one.is_self)
            for one in answer.context["members"]
        ] == [
            ("Ada Lindgren", "owner", False, True),
            ("Ben Osei", "receptionist", True, False),
            ("Cy Moreno", "auditor", False, False),
        ]
        assert "Dot" not in answer.content.decode()

    def test_shows_those_who_may_not_change_it_no_buttons(self, bens: Client):
        page = bens.get(PEOPLE).content.decode()

        assert "Ada Lindgren" in page
        assert "Invite a person" not in page
        assert "Change Ada Lindgren" not in page

    def test_is_not_shown_to_who_may_not_see_members(
        self, cast: Cast, signed_in: SignIn
    ):
        viewer = make_person("Vi Vane", "vi@alder-clinic.example")
        join(cast.alder, viewer, Role.VIEWER)

        assert signed_in(viewer).get(PEOPLE).status_code == 403
        assert Client().get(PEOPLE).status_code == 302


class TestRole:
    def test_is_changed_and_ends_the_persons_sessions(
        self, cast: Cast, alder: House, adas: Client
    ):
        answer = _give(adas, alder, cast.ben, "viewer")

        assert answer.headers["Location"] == PEOPLE
        assert alder.member(cast.ben).role == "viewer"
        assert _epoch(cast.ben) == 1
        assert alder.actions() == [("accounts.membership.role_changed", cast.ada.id)]

    def test_that_stays_the_same_changes_nothing(
        self, cast: Cast, alder: House, adas: Client
    ):
        _give(adas, alder, cast.ben, "receptionist")

        assert _epoch(cast.ben) == 0
        assert alder.actions() == []

    def test_can_be_one_of_the_clinics_own(
        self, cast: Cast, alder: House, adas: Client, signed_in: SignIn
    ):
        with tenancy.scope(alder.id):
            role = CustomRole.objects.create(
                organization_id=alder.id,
                name="Night desk",
                permissions=["members.view"],
                created_at=NOW,
            )

        _give(adas, alder, cast.ben, str(role.id))

        member = alder.member(cast.ben)
        assert (member.role, member.custom_role_id) == ("viewer", role.id)
        assert signed_in(cast.ben).get("/app/calls/").status_code == 403
        assert signed_in(cast.ben).get(PEOPLE).status_code == 200

    def test_of_an_owner_is_given_and_taken_by_owners_alone(
        self, cast: Cast, alder: House, max_: User, signed_in: SignIn, adas: Client
    ):
        maxs = signed_in(max_)

        assert _give(maxs, alder, cast.ben, "owner").status_code == 403
        assert _give(maxs, alder, cast.ada, "viewer").status_code == 403
        row = alder.member(cast.ada)
        assert maxs.post(f"{PEOPLE}{row.id}/let-go/").status_code == 403
        assert alder.roles() == [*ALL, ("Max Mann", "administrator")]
        assert alder.actions() == [("accounts.role.refused", max_.id)] * 3
        assert _give(adas, alder, cast.ben, "owner").status_code == 302

    def test_is_never_ones_own_to_change(
        self, cast: Cast, alder: House, adas: Client, max_: User, signed_in: SignIn
    ):
        assert _give(adas, alder, cast.ada, "viewer").status_code == 403
        assert _give(signed_in(max_), alder, max_, "owner").status_code == 403
        assert alder.roles() == [*ALL, ("Max Mann", "administrator")]

    def test_is_not_changed_by_who_may_not(
        self, cast: Cast, alder: House, bens: Client
    ):
        assert _give(bens, alder, cast.cy, "owner").status_code == 403
        assert _give(bens, alder, cast.ben, "owner").status_code == 403
        assert _give(Client(), alder, cast.ben, "owner").status_code == 302
        row = alder.member(cast.cy)
        assert bens.get(f"{PEOPLE}{row.id}/").status_code == 403
        for address in ("let-go/", "take-back/"):
            assert bens.post(f"{PEOPLE}{row.id}/{address}").status_code == 403
            assert Client().post(f"{PEOPLE}{row.id}/{address}").status_code == 302
        assert alder.roles() == ALL

    def test_is_not_changed_by_another_clinic(
        self, cast: Cast, alder: House, dots: Client
    ):
        row = alder.member(cast.ben)

        for address in ("", "role/", "let-go/", "take-back/"):
            answer = dots.post(f"{PEOPLE}{row.id}/{address}", {"role": "viewer"})
            assert answer.status_code == (404 if address else 405)
        assert dots.get(f"{PEOPLE}{row.id}/").status_code == 404
        assert dots.get(f"{PEOPLE}{uuid7()}/").status_code == 404
        assert alder.roles() == ALL
        assert alder.actions() == []

    def test_of_another_clinic_is_refused(self, cast: Cast, alder: House, adas: Client):
        with tenancy.scope(cast.birch.organization.id):
            role = CustomRole.objects.create(
                organization=cast.birch.organization,
                name="Paralegal",
                permissions=[],
                created_at=NOW,
            )

        answer = _give(adas, alder, cast.ben, str(role.id))

        assert answer.status_code == 404
        assert alder.roles() == ALL
        assert alder.actions() == [("accounts.role.refused", cast.ada.id)]

    def test_with_more_than_the_giver_holds_is_refused(
        self, cast: Cast, alder: House, max_: User, signed_in: SignIn
    ):
        with tenancy.scope(alder.id):
            role = CustomRole.objects.create(
                organization_id=alder.id,
                name="Sees names",
                permissions=["callers.view"],
                created_at=NOW,
            )

        assert _give(signed_in(max_), alder, cast.ben, str(role.id)).status_code == 403
        assert alder.member(cast.ben).custom_role_id is None

    def test_changes_with_nothing_but_the_role(
        self, cast: Cast, alder: House, adas: Client
    ):
        row = alder.member(cast.ben)

        adas.post(
            f"{PEOPLE}{row.id}/role/",
            {
                "role": "viewer",
                "organization": str(cast.birch.organization.id),
                "user": str(cast.eve.id),
                "is_staff": "1",
            },
        )

        again = alder.member(cast.ben)
        assert (again.user_id, again.organization_id) == (cast.ben.id, alder.id)
        with signing_in():
            assert not User.objects.filter(is_staff=True).exists()

    def test_is_changed_by_a_form_alone(self, cast: Cast, alder: House, adas: Client):
        row = alder.member(cast.ben)

        for address in ("role/", "take-back/"):
            assert adas.get(f"{PEOPLE}{row.id}/{address}").status_code == 405
        assert adas.get(f"{PEOPLE}{row.id}/let-go/").status_code == 200
        assert alder.roles() == ALL


class TestLettingGo:
    def test_ends_membership_and_sessions_and_keeps_the_row(
        self,
        cast: Cast,
        alder: House,
        adas: Client,
        bens: Client,
        signed_in: SignIn,
    ):
        row, before = alder.member(cast.ben), _epoch(cast.ben)
        assert bens.get("/app/").status_code == 200

        adas.post(f"{PEOPLE}{row.id}/let-go/")

        assert bens.get("/app/").headers["Location"].startswith("/accounts/login/")
        assert signed_in(cast.ben).get("/app/").status_code == 404
        assert alder.member(cast.ben).ended_at is not None
        assert _epoch(cast.ben) == before + 2
        assert alder.actions() == [("accounts.membership.ended", cast.ada.id)]
        page = adas.get(PEOPLE)
        assert [one.name for one in page.context["past"]] == ["Ben Osei"]

    def test_is_undone_by_taking_back(
        self, cast: Cast, alder: House, adas: Client, signed_in: SignIn
    ):
        row = alder.member(cast.ben)
        adas.post(f"{PEOPLE}{row.id}/let-go/")

        answer = adas.post(f"{PEOPLE}{row.id}/take-back/")

        assert answer.status_code == 302
        assert alder.roles() == ALL
        assert signed_in(cast.ben).get("/app/").status_code == 200

    def test_of_an_owner_is_not_undone_by_an_administrator(
        self, cast: Cast, alder: House, adas: Client, max_: User, signed_in: SignIn
    ):
        _give(adas, alder, cast.ben, "owner")
        row = alder.member(cast.ben)
        adas.post(f"{PEOPLE}{row.id}/let-go/")

        answer = signed_in(max_).post(f"{PEOPLE}{row.id}/take-back/")

        assert answer.status_code == 403
        assert alder.member(cast.ben).ended_at is not None

    def test_leaves_no_role_to_change(self, cast: Cast, alder: House, adas: Client):
        row = alder.member(cast.ben)
        adas.post(f"{PEOPLE}{row.id}/let-go/")

        assert _give(adas, alder, cast.ben, "viewer").status_code == 409
        assert alder.member(cast.ben).role == "receptionist"


class TestLeaving:
    def test_asks_for_the_clinics_name(self, cast: Cast, alder: House, bens: Client):
        shown = bens.get(f"{PEOPLE}leave/").content.decode()
        wrong = bens.post(f"{PEOPLE}leave/", {"name": "Alder"})

        assert "Leave Alder Clinic?" in shown
        assert wrong.status_code == 422
        assert alder.roles() == ALL

    def test_ends_membership_and_session(self, cast: Cast, alder: House, bens: Client):
        before = _epoch(cast.ben)

        answer = bens.post(f"{PEOPLE}leave/", {"name": "alder clinic "})

        assert "You have left Alder Clinic" in answer.content.decode()
        assert bens.get("/app/").headers["Location"].startswith("/accounts/login/")
        assert alder.roles() == [ALL[0], ALL[2]]
        assert _epoch(cast.ben) == before + 1
        assert ("accounts.membership.left", cast.ben.id) in alder.actions()

    def test_lets_who_has_another_clinic_go_on_there(
        self, cast: Cast, alder: House, birch: House, bens: Client
    ):
        join(cast.birch, cast.ben, Role.VIEWER)
        before, key = _epoch(cast.ben), bens.session.session_key

        answer = bens.post(f"{PEOPLE}leave/", {"name": "Alder Clinic"}, follow=True)

        assert answer.redirect_chain == [("/accounts/clinics/", 302)]
        assert "You have left Alder Clinic." in answer.content.decode()
        assert [one.name for one in answer.context["clinics"]] == ["Birch Legal"]
        assert alder.roles() == [ALL[0], ALL[2]]
        assert "Ben Osei" in dict(birch.roles())
        assert bens.get("/app/").context["chrome"].clinic == "Birch Legal"
        assert bens.session.session_key != key
        assert _epoch(cast.ben) == before + 1
        assert ("accounts.membership.left", cast.ben.id) in alder.actions()

    def test_lets_an_agencys_administrator_go_on(
        self, cast: Cast, alder: House, bens: Client
    ):
        agency = Agency.objects.create(name="Lakeside")
        with tenancy.scope(alder.id):
            Organization.objects.update(agency=agency)
        with signing_in():
            AgencyMembership.objects.create(
                agency=agency, user=cast.ben, created_at=NOW
            )

        answer = bens.post(f"{PEOPLE}leave/", {"name": "Alder Clinic"}, follow=True)

        assert [one.role for one in answer.context["clinics"]] == [
            "agency_administrator"
        ]
        assert alder.roles() == [ALL[0], ALL[2]]

    def test_is_refused_to_the_last_owner(self, cast: Cast, alder: House, adas: Client):
        before = _epoch(cast.ada)

        shown = adas.get(f"{PEOPLE}leave/").content.decode()
        answer = adas.post(f"{PEOPLE}leave/", {"name": "Alder Clinic"})

        assert "You are its only owner." in shown
        assert answer.status_code == 422
        assert alder.roles() == ALL
        assert _epoch(cast.ada) == before

    def test_is_refused_to_the_last_owner_who_can_sign_in(
        self, cast: Cast, alder: House, adas: Client
    ):
        _give(adas, alder, cast.ben, "owner")
        _close(cast.ben)
        before = alder.roles()

        shown = adas.get(f"{PEOPLE}leave/").content.decode()
        answer = adas.post(f"{PEOPLE}leave/", {"name": "Alder Clinic"})

        assert "You are its only owner." in shown
        assert (answer.status_code, alder.roles()) == (422, before)

    def test_may_let_go_an_owner_whose_account_is_closed(
        self, cast: Cast, alder: House, adas: Client
    ):
        _give(adas, alder, cast.ben, "owner")
        _close(cast.ben)

        adas.post(f"{PEOPLE}{alder.member(cast.ben).id}/let-go/")

        assert alder.roles() == [ALL[0], ALL[2]]

    def test_is_free_to_an_owner_who_is_not_the_last(
        self, cast: Cast, alder: House, adas: Client
    ):
        _give(adas, alder, cast.ben, "owner")

        adas.post(f"{PEOPLE}leave/", {"name": "Alder Clinic"})

        assert alder.roles() == [("Ben Osei", "owner"), ALL[2]]

    def test_asks_who_must_show_a_second_factor_for_it_first(
        self, cast: Cast, alder: House
    ):
        join(cast.alder, cast.eve, Role.OWNER)
        client = Client()
        with signing_in():
            client.force_login(cast.eve)

        answer = client.post(f"{PEOPLE}leave/", {"name": "Alder Clinic"})

        assert answer.headers["Location"].startswith("/accounts/second-factor/set-up/")
        assert ("Eve Nobody", "owner") in alder.roles()

    def test_is_nothing_to_a_stranger(self, cast: Cast):
        answer = Client().post(f"{PEOPLE}leave/", {"name": "Alder Clinic"})

        assert answer.headers["Location"] == "/accounts/login/?next=/app/"


class TestPeoplePage:
    def test_leaves_a_row_of_each_look(self, cast: Cast, signed_in: SignIn):
        assert signed_in(cast.ben).get(PEOPLE).status_code == 200

        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="accounts.people.viewed")
        assert (row.actor_id, row.fields) == (cast.ben.id, ["name", "email"])
        assert row.facts == {"members": 3, "invitations": 0}

    def test_asks_the_database_no_more_for_more_people(
        self, cast: Cast, adas: Client, django_assert_num_queries
    ):
        adas.get(PEOPLE)
        with CaptureQueriesContext(connection) as few:
            adas.get(PEOPLE)
        queries = len(few)
        for number in range(5):
            person = make_person(f"P {number}", f"p{number}@alder-clinic.example")
            join(cast.alder, person, Role.VIEWER)
            adas.post(
                f"{PEOPLE}invite/",
                {"email": f"q{number}@x.example", "role": "viewer", "days": "7"},
            )
        adas.get(PEOPLE)

        with django_assert_num_queries(queries):
            adas.get(PEOPLE)
