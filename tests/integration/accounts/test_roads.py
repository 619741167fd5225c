"""Roads round signing in, where the parts of access meet; each must lead nowhere."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from accounts.guessing.limits import SIGN_IN_ACCOUNT, SIGN_UP_CLIENT
from accounts.machines.models import TokenFamily
from accounts.models import CustomRole, Membership, Organization, User
from accounts.permissions import Permission, Role
from accounts.sso.models import SocialIdentity, SsoConnection
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from telephony.models import Location
from tests.cast import NOW, PASSWORD, Cast
from tests.cast_day import make_day
from tests.cast_factor import (
    Phone,
    give_phone,
    sign_in_with_password,
    sign_in_without_factor,
)
from tests.cast_fixtures import SignIn
from tests.fakes.directory.oidc import OidcProvider
from tests.integration.accounts.sso.browser import come_back, leave, travel
from tests.integration.accounts.sso.conftest import (
    directory,
    make_connection,
    prove,
    running,
)
from tests.open_redirects import OPEN_REDIRECTS

__all__ = ["directory", "running"]


def ask_token(user: User, *, password: str = PASSWORD, **more: str):
    body = {"email": user.email, "password": password, **more}
    return Client().post("/api/v1/token/", body, content_type="application/json")


def ask_calls(access: str):
    headers = {"authorization": f"Bearer {access}"}
    return Client().get("/api/v1/calls/", headers=headers)


def families() -> int:
    with signing_in():
        return TokenFamily.objects.count()


def enforce(cast: Cast, directory: OidcProvider) -> SsoConnection:
    prove(cast.alder, "alder-clinic.example")
    return make_connection(cast.alder, directory, is_enforced=True)


class TestTokenPastAnEnforcedDirectory:
    def test_is_not_given_for_a_password(self, cast: Cast, directory: OidcProvider):
        enforce(cast, directory)

        answer = ask_token(cast.ben)

        assert (answer.status_code, answer.json()["code"]) == (403, "directory_wanted")
        assert families() == 0

    def test_is_not_given_to_an_owner_with_their_code(
        self, cast: Cast, directory: OidcProvider
    ):
        phone = give_phone(cast.ada, now=NOW)
        enforce(cast, directory)

        answer = ask_token(cast.ada, code=phone.code_at(utc_now()))

        assert (answer.status_code, answer.json()["code"]) == (403, "directory_wanted")
        assert families() == 0

    def test_opens_nothing_if_it_was_given_before(
        self, cast: Cast, directory: OidcProvider
    ):
        pair = ask_token(cast.ben).json()
        assert ask_calls(pair["access"]).status_code == 200

        enforce(cast, directory)

        assert ask_calls(pair["access"]).status_code == 401
        turned = Client().post(
            "/api/v1/token/refresh/",
            {"refresh": pair["refresh"]},
            content_type="application/json",
        )
        assert turned.status_code == 401

    def test_is_given_in_a_clinic_without_one(
        self, cast: Cast, directory: OidcProvider
    ):
        enforce(cast, directory)
        phone = give_phone(cast.dot, now=NOW)

        answer = ask_token(cast.dot, code=phone.code_at(utc_now()))

        assert answer.status_code == 200


class TestTokenByPassword:
    def test_takes_one_try_for_one_guess(self, cast: Cast):
        guesses = SIGN_IN_ACCOUNT.tries - 1

        found = [ask_token(cast.ben, password="wrong") for _ in range(guesses)]

        assert [one.status_code for one in found] == [401] * guesses
        assert ask_token(cast.ben).status_code == 200


class TestFactorThatADirectoryVouchesFor:
    """A clinic's directory speaks for its clinic, never for the person elsewhere."""

    @pytest.fixture
    def phone(self, cast: Cast) -> Phone:
        return give_phone(cast.ben, now=NOW)

    @pytest.fixture
    def bens(
        self, cast: Cast, directory: OidcProvider, phone: Phone, signed_in: SignIn
    ) -> Client:
        """A browser in which the directory says that Ben came, by two factors."""
        prove(cast.alder, "alder-clinic.example")
        connection = make_connection(cast.alder, directory, trusts_second_factor=True)
        directory.person |= {"sub": "00u-ben", "email": cast.ben.email}
        first = signed_in(cast.ben)
        road = str(connection.id)
        first.post(f"/accounts/connections/{road}/connect/", {"password": PASSWORD})
        come_back(first, directory, leave(first, road))
        directory.person["amr"] = ["pwd", "mfa"]
        client = Client()
        travel(client, directory, connection)
        return client

    def test_counts_in_its_clinic(self, bens: Client):
        assert bens.get("/app/calls/").status_code == 200
        assert bens.get("/accounts/clinics/").status_code == 200

    def test_is_not_fresh_for_a_play_in_hipaa_mode(self, cast: Cast, bens: Client):
        # The directory may have been shown it this morning; who comes silently has not.
        call = make_day(cast, now=utc_now()).booked
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(hipaa_mode=True)

        assert bens.get(f"/app/calls/{call.id}/").status_code == 200
        answer = bens.post(f"/app/calls/{call.id}/play/")

        assert answer.status_code == 403
        assert answer.json()["code"] == "second_factor_stale"
        with tenancy.scope(cast.alder.organization.id):
            granted = AuditLog.objects.filter(action="recordings.playback.granted")
            assert not granted.exists()

    @pytest.mark.parametrize("page", ["set-up/", "codes/"])
    def test_adds_no_factor_and_makes_no_codes(
        self, cast: Cast, bens: Client, page: str
    ):
        answer = bens.post(f"/accounts/second-factor/{page}")

        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/second-factor/verify/")

    def test_takes_no_factor_away(self, cast: Cast, bens: Client, phone: Phone):
        address = f"/accounts/second-factor/app/{phone.app_id}/remove/"

        answer = bens.post(address)

        assert answer.headers["Location"].startswith("/accounts/second-factor/verify/")
        with signing_in():
            assert User.objects.get(pk=cast.ben.pk).second_factor_since is not None

    def test_changes_no_password(self, bens: Client):
        answer = bens.get("/accounts/password/")

        assert answer.headers["Location"].startswith("/accounts/second-factor/verify/")


class TestWayBackFromTheSecondFactor:
    @pytest.mark.parametrize("wanted", OPEN_REDIRECTS)
    def test_leads_to_no_other_site(self, cast: Cast, wanted: str):
        phone = give_phone(cast.ben, now=NOW)
        form = {"code": phone.code_at(utc_now()), "next": wanted}

        answer = sign_in_with_password(cast.ben).post(
            "/accounts/second-factor/verify/", form
        )

        assert answer.status_code == 302
        target = urljoin("https://testserver/", answer.headers["Location"])
        assert urlsplit(target).netloc == "testserver"
        assert "//" not in answer.headers["Location"]
        assert "\\" not in answer.headers["Location"]
        refused = AuditLog.unscoped.filter(action="accounts.way_back.refused")
        assert refused.count() == 1

    def test_to_a_page_of_ours_leaves_no_row(self, cast: Cast):
        Client().get("/accounts/login/?next=/app/calls/")

        assert _ways_refused() == 0


class TestWayBackOfAForm:
    @pytest.mark.parametrize("path", ["/sso/", "/sso/begin/google/"])
    def test_of_a_directory_to_another_site_leaves_a_row(self, cast: Cast, path: str):
        form = {"email": "nora@alder-clinic.example", "next": "https://evil.example/"}

        Client().post(path, form)

        assert _ways_refused() == 1

    def test_of_the_dashboard_to_another_site_leaves_a_row(
        self, cast: Cast, signed_in: SignIn
    ):
        call = make_day(cast, now=utc_now()).booked
        client = signed_in(cast.ben)
        form = {"reason": "call_back", "back": "//evil.example/"}

        answer = client.post(f"/app/calls/{call.id}/reveal/", form)

        assert "evil" not in answer.headers.get("Location", "")
        assert _ways_refused() == 1

    def test_of_the_dashboard_to_a_page_of_ours_leaves_none(
        self, cast: Cast, signed_in: SignIn
    ):
        call = make_day(cast, now=utc_now()).booked
        form = {"reason": "call_back", "back": "/app/calls/?when=all&q=a"}

        signed_in(cast.ben).post(f"/app/calls/{call.id}/reveal/", form)

        assert _ways_refused() == 0


class TestPowerInAForm:
    def test_is_not_heeded_and_leaves_a_row(self, cast: Cast, signed_in: SignIn):
        birch, client = cast.birch.organization, signed_in(cast.ada)
        form = {"name": "Annex", "organization": str(birch.id), "is_staff": "1"}

        client.post("/app/settings/places/add/", form)

        with tenancy.scope(cast.alder.organization.id):
            (row,) = AuditLog.objects.filter(action="accounts.field.refused")
            assert Location.objects.filter(name="Annex").count() == 1
        with tenancy.scope(birch.id):
            assert Location.objects.filter(name="Annex").count() == 0
        assert (row.actor_id, dict(row.facts)) == (cast.ada.pk, {"count": 2})
        with signing_in():
            assert not User.objects.get(pk=cast.ada.pk).is_superuser

    def test_that_is_only_a_form_leaves_none(self, cast: Cast, signed_in: SignIn):
        signed_in(cast.ada).post("/app/settings/places/add/", {"name": "Annex"})

        with tenancy.scope(cast.alder.organization.id):
            assert Location.objects.filter(name="Annex").count() == 1
            rows = AuditLog.objects.filter(action="accounts.field.refused")
            assert rows.count() == 0


def _ways_refused() -> int:
    rows = AuditLog.unscoped.filter(action="accounts.way_back.refused")
    return rows.count()


class TestStolenPassword:
    def test_disconnects_no_account_elsewhere(self, cast: Cast):
        give_phone(cast.ada, now=NOW)
        with signing_in():
            kept = SocialIdentity.objects.create(
                user=cast.ada, issuer="https://i.example", subject="1", created_at=NOW
            )
        thief = sign_in_without_factor(cast.ada)

        answer = thief.post(f"/accounts/connections/{kept.pk}/remove/")

        assert answer.headers["Location"].startswith("/accounts/second-factor/verify/")
        with signing_in():
            assert SocialIdentity.objects.filter(pk=kept.pk).exists()


class TestSigningUp:
    def test_is_limited_for_one_client(self, cast: Cast):
        def ask(number: int) -> int:
            form = {
                "clinic_name": "Cedar Clinic",
                "full_name": "Gil Moss",
                "email": f"gil{number}@cedar.example",
                "password": PASSWORD,
                "country": "US",
                "timezone": "America/Chicago",
                "region": "us",
            }
            return Client().post("/accounts/sign-up/", form).status_code

        found = [ask(number) for number in range(SIGN_UP_CLIENT.tries + 1)]

        assert found == [302] * SIGN_UP_CLIENT.tries + [429]
        asked = AuditLog.unscoped.filter(action="accounts.sign_up.asked")
        assert asked.count() == SIGN_UP_CLIENT.tries


class TestRolesByDirectory:
    def test_are_given_by_whoever_manages_members_alone(
        self, cast: Cast, directory: OidcProvider, signed_in: SignIn
    ):
        connection = make_connection(cast.alder, directory, status="tested")
        with tenancy.scope(cast.alder.organization.id):
            SsoConnection.objects.update(default_role="")
            role = CustomRole.objects.create(
                organization=cast.alder.organization,
                name="Directory keeper",
                permissions=[Permission.SSO_MANAGE.value],
                created_at=NOW,
            )
            Membership.objects.filter(user=cast.ben).update(
                role=Role.VIEWER, custom_role=role
            )
        form = {
            "kind": "oidc",
            "preset": "other",
            "label": connection.label,
            "issuer": "https://login.evil.example",
            "client_id": "x",
            "client_secret": "y",
            "default_role": "administrator",
        }

        answer = signed_in(cast.ben).post(
            "/app/settings/single-sign-on/directory/", form
        )

        assert answer.status_code == 403
        with tenancy.scope(cast.alder.organization.id):
            kept = SsoConnection.objects.get()
        assert (kept.issuer, kept.default_role) == (connection.issuer, "")
