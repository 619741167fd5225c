import pytest
from django.core import mail
from django.test import Client

from accounts.machines.models import TokenFamily
from accounts.models import Organization, User
from accounts.permissions import Role
from accounts.sso.models import DirectoryIdentity, SsoConnection
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from tests.cast import NOW, PASSWORD, Cast, join
from tests.cast_fixtures import SignIn
from tests.fakes.directory.oidc import OidcProvider
from tests.integration.accounts.sso.browser import come_back, leave, travel
from tests.integration.accounts.sso.conftest import (
    deliver_letters,
    make_connection,
    prove,
)

HERE = "/app/settings/single-sign-on/"
WANTED = "/app/directory/"
PAGES = ["/app/", "/app/calls/", "/app/messages/", "/app/start/", "/app/settings/"]


@pytest.fixture
def enforced(cast: Cast, directory: OidcProvider) -> SsoConnection:
    prove(cast.alder, "alder-clinic.example")
    return make_connection(cast.alder, directory, is_enforced=True)


def where(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 302
    return answer.headers["Location"]


def sign_in_program(user: User):
    return Client().post(
        "/api/v1/token/",
        {"email": user.email, "password": PASSWORD},
        content_type="application/json",
    )


class TestPrograms:
    def test_are_given_no_token_for_a_password(
        self, cast: Cast, enforced: SsoConnection
    ):
        answer = sign_in_program(cast.ben)

        assert (answer.status_code, answer.json()["code"]) == (403, "directory_wanted")
        with signing_in():
            assert not TokenFamily.objects.exists()

    def test_that_came_before_it_was_enforced_are_over(
        self, cast: Cast, alders: SsoConnection
    ):
        pair = sign_in_program(cast.ben).json()
        bearer = {"authorization": f"Bearer {pair['access']}"}
        assert Client().get("/api/v1/calls/", headers=bearer).status_code == 200
        with tenancy.scope(cast.alder.organization.id):
            SsoConnection.objects.update(is_enforced=True)

        asked = Client().get("/api/v1/calls/", headers=bearer)
        turned = Client().post(
            "/api/v1/token/refresh/",
            {"refresh": pair["refresh"]},
            content_type="application/json",
        )

        assert (asked.status_code, turned.status_code) == (401, 401)
        rows = AuditLog.unscoped.filter(action="accounts.token.refused")
        assert [row.facts for row in rows] == [{"directory": True}]

    def test_of_other_clinics_go_on(self, cast: Cast, enforced: SsoConnection):
        join(cast.birch, cast.cy, Role.VIEWER)

        body = {"email": cast.cy.email, "password": PASSWORD}
        body["organization"] = str(cast.birch.organization.id)
        answer = Client().post("/api/v1/token/", body, content_type="application/json")

        assert answer.status_code == 200


class TestEnforced:
    @pytest.mark.parametrize("path", PAGES)
    def test_counts_no_session_of_a_password(
        self, cast: Cast, enforced: SsoConnection, signed_in: SignIn, path: str
    ):
        assert where(signed_in(cast.ben), path) == WANTED

    def test_says_which_way_in_is_wanted(
        self, cast: Cast, enforced: SsoConnection, signed_in: SignIn
    ):
        words = signed_in(cast.ben).get(WANTED).content.decode()

        assert "Your clinic signs in through its directory" in words
        assert "/accounts/connections/" in words
        assert "Open its set-up" not in words

    def test_counts_a_session_of_its_own(
        self, cast: Cast, enforced: SsoConnection, directory: OidcProvider
    ):
        client = Client()

        travel(client, directory, enforced)

        assert client.get("/app/calls/").status_code == 200
        assert where(client, WANTED) == "/app/start/"

    def test_stops_nobody_once_the_plan_has_gone(
        self, cast: Cast, enforced: SsoConnection, signed_in: SignIn
    ):
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(plan="pro")

        assert signed_in(cast.ben).get("/app/calls/").status_code == 200

    def test_leaves_other_clinics_alone(
        self, cast: Cast, enforced: SsoConnection, signed_in: SignIn
    ):
        assert signed_in(cast.dot).get("/app/calls/").status_code == 200

    def test_lets_a_member_connect_with_their_password(
        self, cast: Cast, enforced: SsoConnection, directory, signed_in: SignIn
    ):
        directory.person |= {"sub": "00u-ben", "email": cast.ben.email}
        client = signed_in(cast.ben)
        road = str(enforced.id)

        client.post(f"/accounts/connections/{road}/connect/", {"password": PASSWORD})
        come_back(client, directory, leave(client, road))
        answer = travel(client, directory, enforced)

        assert answer.headers["Location"] == "/app/start/"
        assert client.get("/app/calls/").status_code == 200


class TestBrokenDirectory:
    def test_lets_an_owner_into_its_set_up_and_nowhere_else(
        self, cast: Cast, enforced: SsoConnection, signed_in: SignIn
    ):
        adas = signed_in(cast.ada)

        assert adas.get(HERE).status_code == 200
        assert "Open its set-up" in adas.get(WANTED).content.decode()
        assert {where(adas, path) for path in PAGES} == {WANTED}
        assert adas.post(f"{HERE}relax/").status_code == 302
        assert adas.get("/app/calls/").status_code == 200

    def test_writes_it_down_and_tells_every_owner_once(
        self, cast: Cast, enforced: SsoConnection, signed_in: SignIn
    ):
        join_owner(cast)
        adas = signed_in(cast.ada)

        adas.get(HERE)
        adas.get(HERE)

        deliver_letters(cast.alder)
        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="accounts.sso.passed_by")
        assert (row.actor_id, row.subject_id) == (cast.ada.id, enforced.id)
        assert sorted(letter.to[0] for letter in mail.outbox) == [
            cast.ada.email,
            cast.eve.email,
        ]
        assert "without the directory" in mail.outbox[0].subject

    def test_lets_no_owner_in_who_has_shown_no_second_factor(
        self, cast: Cast, enforced: SsoConnection
    ):
        client = Client()
        with signing_in():
            client.force_login(cast.ada)

        assert where(client, HERE) == WANTED

    def test_lets_no_owner_in_who_came_by_another_provider(
        self, cast: Cast, enforced: SsoConnection, signed_in: SignIn
    ):
        adas = signed_in(cast.ada)
        session = adas.session
        session["sso_social"] = True
        session.save()

        assert where(adas, HERE) == WANTED

    def test_lets_nobody_else_in(
        self, cast: Cast, enforced: SsoConnection, signed_in: SignIn
    ):
        for person in (cast.ben, cast.cy):
            assert where(signed_in(person), HERE) == WANTED


class TestSessionByDirectory:
    def test_is_worth_nothing_in_another_clinic(
        self, cast: Cast, alders: SsoConnection, directory: OidcProvider
    ):
        client = Client()
        travel(client, directory, alders)
        with signing_in():
            nora = User.objects.get(email="nora@alder-clinic.example")
        join(cast.birch, nora, Role.RECEPTIONIST)
        client.post(f"/accounts/clinics/{cast.birch.organization.id}/")

        assert where(client, "/app/calls/") == WANTED
        assert "does not count at Birch Legal" in client.get(WANTED).content.decode()

    def test_is_over_once_the_directory_is_off(
        self, cast: Cast, alders: SsoConnection, directory: OidcProvider
    ):
        client = Client()
        travel(client, directory, alders)
        with tenancy.scope(cast.alder.organization.id):
            SsoConnection.objects.update(status="tested")

        assert where(client, "/app/calls/") == WANTED

    def test_takes_no_second_factor_into_another_session(
        self, cast: Cast, alders: SsoConnection, directory: OidcProvider
    ):
        with tenancy.scope(cast.alder.organization.id):
            SsoConnection.objects.update(trusts_second_factor=True)
        directory.person["amr"] = ["mfa"]
        client = Client()
        travel(client, directory, alders)
        directory.person["amr"] = ["pwd"]

        travel(client, directory, alders)

        assert "second_factor_at" not in client.session


def join_owner(cast: Cast) -> None:
    join(cast.alder, cast.eve, Role.OWNER)


class TestIdentity:
    def test_is_the_clinics_own(self, cast: Cast, alders: SsoConnection):
        with tenancy.scope(cast.alder.organization.id):
            DirectoryIdentity.objects.create(
                organization=cast.alder.organization,
                user=cast.ben,
                issuer=alders.issuer,
                subject="00u-ben",
                created_at=NOW,
            )

        with tenancy.scope(cast.birch.organization.id):
            assert DirectoryIdentity.unscoped.count() == 0
