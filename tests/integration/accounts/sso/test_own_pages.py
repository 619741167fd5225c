import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from accounts.own_pages import CONNECT, OPEN
from accounts.permissions import Role
from accounts.sso.models import DirectoryIdentity, SocialIdentity, SsoConnection
from accounts.way_in import find_user, signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from tests.cast import NOW, PASSWORD, Cast, join
from tests.cast_factor import prove_mailbox
from tests.cast_fixtures import SignIn
from tests.fakes.directory.oidc import CLIENT_ID, CLIENT_SECRET, OidcProvider
from tests.integration.accounts.sso.browser import travel
from tests.integration.accounts.sso.conftest import make_connection, prove
from tests.matrix.routes import Route, list_routes

WANTED = "/app/directory/"
IDS = {
    "kind": "app",
    "factor_id": "1",
    "identity_id": str(uuid7()),
    "user_id": str(uuid7()),
    "organization_id": str(uuid7()),
    "agency_id": str(uuid7()),
    "token": "no-token",
    "road": "google",
    "uidb64": "x",
}
OWN = [one for one in list_routes() if one.pattern.startswith("accounts/")]
HELD = [one for one in OWN if one.name not in OPEN | {CONNECT}]


@pytest.fixture
def enforced(cast: Cast, directory: OidcProvider) -> SsoConnection:
    prove(cast.alder, "alder-clinic.example")
    return make_connection(cast.alder, directory, is_enforced=True)


def path_of(route: Route) -> str:
    ids = {name: IDS.get(name, "x") for name in route.parameters}
    return reverse(route.name, kwargs=ids)


def is_held(answer) -> bool:
    return answer.status_code == 302 and answer.headers["Location"] == WANTED


def state_of(user: User) -> tuple:
    row = find_user(user.pk)
    assert row is not None
    return (row.password, row.session_epoch, row.second_factor_since)


class TestPages:
    def test_that_are_open_are_pages(self):
        assert OPEN | {CONNECT} <= {one.name for one in OWN}
        assert len(HELD) >= 12

    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("route", [pytest.param(one, id=one.name) for one in HELD])
    def test_want_the_directory_of_who_came_by_password(
        self, cast: Cast, enforced, signed_in: SignIn, route: Route, method: str
    ):
        bens = signed_in(cast.ben)
        before = state_of(cast.ben)

        answer = getattr(bens, method)(path_of(route))

        assert is_held(answer)
        assert state_of(cast.ben) == before

    @pytest.mark.parametrize(
        "route", [pytest.param(one, id=one.name) for one in OWN if one.name in OPEN]
    )
    def test_that_are_open_do_not(
        self, cast: Cast, enforced, signed_in: SignIn, route: Route
    ):
        assert not is_held(signed_in(cast.ben).get(path_of(route)))

    @pytest.mark.parametrize("route", [pytest.param(one, id=one.name) for one in HELD])
    def test_want_nothing_of_who_came_by_the_directory(
        self, cast: Cast, enforced, directory: OidcProvider, route: Route
    ):
        client = Client()
        travel(client, directory, enforced)

        assert not is_held(client.get(path_of(route)))

    @pytest.mark.parametrize("route", [pytest.param(one, id=one.name) for one in HELD])
    def test_want_nothing_of_who_has_gone_on_in_another_clinic(
        self, cast: Cast, enforced, signed_in: SignIn, route: Route
    ):
        join(cast.birch, cast.ben, Role.VIEWER)
        bens = signed_in(cast.ben)
        bens.post(f"/accounts/clinics/{cast.birch.organization.id}/")

        assert not is_held(bens.get(path_of(route)))

    def test_want_it_of_an_owner_who_may_mend_it_too(
        self, cast: Cast, enforced, signed_in: SignIn
    ):
        assert is_held(signed_in(cast.ada).get("/accounts/password/"))

    def test_want_it_before_a_second_factor(self, cast: Cast, enforced):
        with signing_in():
            User.objects.filter(pk=cast.ada.pk).update(second_factor_since=NOW)
        client = Client()
        with signing_in():
            client.force_login(cast.ada)

        before = state_of(cast.ada)

        assert is_held(client.post("/accounts/sessions/end/"))
        assert state_of(cast.ada) == before

    def test_of_a_clinics_directory_stop_once_it_is_off(
        self, cast: Cast, alders: SsoConnection, directory: OidcProvider
    ):
        client = Client()
        travel(client, directory, alders)
        with tenancy.scope(cast.alder.organization.id):
            SsoConnection.objects.update(status="tested")

        assert is_held(client.get("/accounts/second-factor/"))
        words = client.get(WANTED).content.decode()
        assert "You have no password yet." in words
        assert "/accounts/password/reset/" in words


class TestClosing:
    def test_wants_each_clinic_to_count_the_session(
        self, cast: Cast, enforced, signed_in: SignIn
    ):
        join(cast.birch, cast.ben, Role.VIEWER)
        bens = signed_in(cast.ben)
        bens.post(f"/accounts/clinics/{cast.birch.organization.id}/")

        answer = bens.post("/accounts/close/", {"email": cast.ben.email})

        assert answer.status_code == 403
        assert "leave it first" in answer.content.decode()
        with signing_in():
            assert User.objects.get(pk=cast.ben.pk).is_active
        with tenancy.scope(cast.alder.organization.id):
            assert Membership.objects.get(user=cast.ben).is_active


class TestConnecting:
    @pytest.fixture
    def google(self, settings, directory: OidcProvider) -> OidcProvider:
        settings.GOOGLE_CLIENT_ID = CLIENT_ID
        settings.GOOGLE_CLIENT_SECRET = CLIENT_SECRET
        settings.GOOGLE_ISSUER = directory.issuer
        return directory

    def test_leads_to_the_directory_alone(
        self, cast: Cast, google, enforced, signed_in: SignIn
    ):
        bens = signed_in(cast.ben)
        body = {"password": PASSWORD}

        other = bens.post("/accounts/connections/google/connect/", body)
        kept = dict(bens.session)
        wanted = bens.post(f"/accounts/connections/{enforced.id}/connect/", body)

        assert is_held(other)
        assert "sso_intent" not in kept
        assert wanted.headers["Location"] == f"/sso/begin/{enforced.id}/"

    def test_asks_who_has_no_factor_for_the_mailbox_and_for_no_factor(
        self, cast: Cast, enforced
    ):
        client = Client()
        with signing_in():
            client.force_login(cast.ada)
        connect = f"/accounts/connections/{enforced.id}/connect/"

        stopped = client.post(connect, {"password": PASSWORD})
        asked = client.get(stopped.headers["Location"])
        prove_mailbox(client, cast.ada)
        answer = client.post(connect, {"password": PASSWORD})

        assert stopped.headers["Location"].startswith("/accounts/second-factor/mailbox")
        assert asked.status_code == 200
        assert answer.headers["Location"] == f"/sso/begin/{enforced.id}/"

    def test_back_is_held_to_the_clinic_of_the_directory(
        self, cast: Cast, enforced, signed_in: SignIn
    ):
        join(cast.birch, cast.ben, Role.VIEWER)
        with tenancy.scope(cast.alder.organization.id):
            mine = DirectoryIdentity.objects.create(
                organization=cast.alder.organization,
                user=cast.ben,
                issuer=enforced.issuer,
                subject="00u-ben",
                created_at=NOW,
            )
        bens = signed_in(cast.ben)
        bens.post(f"/accounts/clinics/{cast.birch.organization.id}/")

        before = state_of(cast.ben)

        answer = bens.post(f"/accounts/connections/{mine.id}/remove/")

        assert answer.status_code == 403
        assert state_of(cast.ben) == before
        with tenancy.scope(cast.alder.organization.id):
            assert DirectoryIdentity.objects.filter(pk=mine.pk).exists()

    def test_back_is_possible_while_another_one_is_left(
        self, cast: Cast, google, alders: SsoConnection
    ):
        client = Client()
        travel(client, google, alders)
        with signing_in():
            nora = User.objects.get(email="nora@alder-clinic.example")
            SocialIdentity.objects.create(
                user=nora, issuer=google.issuer, subject="g-nora", created_at=NOW
            )
        with tenancy.scope(cast.alder.organization.id):
            mine = DirectoryIdentity.objects.get()

        client.post(f"/accounts/connections/{mine.id}/remove/")

        with tenancy.scope(cast.alder.organization.id):
            assert not DirectoryIdentity.objects.exists()
