import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from accounts import backends
from accounts.models import User
from accounts.sso.models import DirectoryIdentity, SocialIdentity, SsoConnection
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from tests.cast import NOW, PASSWORD, Cast
from tests.cast_fixtures import SignIn
from tests.fakes.directory.oidc import CLIENT_ID, CLIENT_SECRET, OidcProvider
from tests.integration.accounts.passwords.conftest import letters
from tests.integration.accounts.sso.browser import come_back, leave
from tests.integration.accounts.sso.conftest import deliver_letters

__all__ = ["letters"]

HERE = "/accounts/connections/"


@pytest.fixture
def google(settings, directory: OidcProvider, cast: Cast) -> OidcProvider:
    """Google, at which Ben is signed in."""
    settings.GOOGLE_CLIENT_ID = CLIENT_ID
    settings.GOOGLE_CLIENT_SECRET = CLIENT_SECRET
    settings.GOOGLE_ISSUER = directory.issuer
    directory.person |= {"sub": "g-ben", "email": cast.ben.email}
    return directory


def connect(client: Client, road: str, password: str = PASSWORD):
    return client.post(f"{HERE}{road}/connect/", {"password": password})


def identities() -> list[tuple[str, str]]:
    with signing_in():
        rows = SocialIdentity.objects.values_list("subject", "user__email")
        return list(rows)


def actions() -> list[str]:
    rows = AuditLog.unscoped.order_by("at", "id")
    return [
        row.action for row in rows if not row.action.startswith("accounts.session.")
    ]


def epoch_of(user: User) -> int:
    with signing_in():
        return User.objects.get(pk=user.pk).session_epoch


def go(client: Client, provider: OidcProvider, road: str):
    return come_back(client, provider, leave(client, road))


class TestGoogle:
    def test_is_connected_with_the_password_and_signs_in_from_then_on(
        self, cast: Cast, google: OidcProvider, signed_in: SignIn
    ):
        bens = signed_in(cast.ben)

        set_out = connect(bens, "google")
        back = go(bens, google, "google")
        later = Client()
        answer = go(later, google, "google")

        assert set_out.headers["Location"] == "/sso/begin/google/"
        assert back.headers["Location"] == HERE
        assert identities() == [("g-ben", cast.ben.email)]
        assert answer.headers["Location"] == "/app/start/"
        assert later.get("/app/calls/").status_code == 200
        assert later.session["sso_social"] is True
        assert "Connected" in later.get(HERE).content.decode()
        assert actions() == ["accounts.social.connected", "accounts.social.used"]
        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="accounts.social.connected")
        assert (row.actor_id, row.subject_id) == (cast.ben.id, cast.ben.id)

    def test_knows_its_person_by_the_subject_whatever_the_address(
        self, cast: Cast, google: OidcProvider, signed_in: SignIn
    ):
        bens = signed_in(cast.ben)
        connect(bens, "google")
        go(bens, google, "google")
        google.person["email"] = "other@elsewhere.example"
        client = Client()

        go(client, google, "google")

        assert client.session["_auth_user_id"] == str(cast.ben.id)

    def test_makes_nobody_an_account(self, cast: Cast, google: OidcProvider):
        google.person["email"] = "new@elsewhere.example"
        client = Client()

        answer = go(client, google, "google")

        assert answer.status_code == 403
        assert "If you are invited, open the link of your letter" in (
            answer.content.decode()
        )
        assert "_auth_user_id" not in client.session
        with signing_in():
            assert not User.objects.filter(email="new@elsewhere.example").exists()
        assert actions() == ["accounts.sso.refused"]

    def test_signs_nobody_in_by_an_address_that_we_know(
        self, cast: Cast, google: OidcProvider
    ):
        client = Client()

        answer = go(client, google, "google")

        assert answer.status_code == 403
        assert identities() == []
        assert "_auth_user_id" not in client.session

    @pytest.mark.parametrize(
        "person",
        [
            {"email_verified": False},
            {"email_verified": None},
            {"email": "ada@alder-clinic.example"},
        ],
    )
    def test_of_another_or_an_unverified_address_is_not_connected(
        self, cast: Cast, google: OidcProvider, signed_in: SignIn, person
    ):
        google.person |= person
        bens = signed_in(cast.ben)
        connect(bens, "google")

        answer = go(bens, google, "google")

        assert answer.status_code == 403
        assert identities() == []
        assert actions() == ["accounts.sso.refused"]

    def test_of_somebody_else_is_not_connected(
        self, cast: Cast, google: OidcProvider, signed_in: SignIn
    ):
        with signing_in():
            SocialIdentity.objects.create(
                user=cast.cy, issuer=google.issuer, subject="g-ben", created_at=NOW
            )
        bens = signed_in(cast.ben)
        connect(bens, "google")

        answer = go(bens, google, "google")

        assert answer.status_code == 403
        assert identities() == [("g-ben", cast.cy.email)]

    def test_is_not_connected_with_a_wrong_password(
        self, cast: Cast, google: OidcProvider, signed_in: SignIn
    ):
        bens = signed_in(cast.ben)

        answer = connect(bens, "google", "not the password")
        go(bens, google, "google")

        assert answer.status_code == 422
        assert "The password is wrong." in answer.content.decode()
        assert identities() == []

    def test_is_not_connected_without_the_second_factor_there_is(
        self, cast: Cast, google: OidcProvider
    ):
        with signing_in():
            User.objects.filter(pk=cast.ben.pk).update(second_factor_since=NOW)
        client = Client()
        with signing_in():
            client.force_login(cast.ben)

        answer = connect(client, "google")

        assert answer.headers["Location"].startswith("/accounts/second-factor/verify/")
        assert "sso_intent" not in client.session

    def test_is_connected_to_the_person_who_asked_alone(
        self, cast: Cast, google: OidcProvider, signed_in: SignIn
    ):
        bens = signed_in(cast.ben)
        connect(bens, "google")
        away = leave(bens, "google")
        with signing_in():
            bens.force_login(cast.cy)

        answer = come_back(bens, google, away)

        assert answer.status_code == 403
        assert identities() == []

    def test_is_disconnected(self, cast: Cast, google: OidcProvider, signed_in: SignIn):
        bens = signed_in(cast.ben)
        connect(bens, "google")
        go(bens, google, "google")
        with signing_in():
            (mine,) = SocialIdentity.objects.all()

        others = signed_in(cast.cy).post(f"{HERE}{mine.id}/remove/")
        kept = identities()
        bens.post(f"{HERE}{mine.id}/remove/")

        assert (others.status_code, len(kept)) == (404, 1)
        assert identities() == []
        assert actions()[-1] == "accounts.sso.disconnected"

    def test_has_no_button_without_its_settings(self, cast: Cast):
        words = Client().get("/accounts/login/").content.decode()

        assert "Google" not in words
        assert "Microsoft" not in words
        assert "/sso/" in words

    def test_has_a_button_that_keeps_the_way_back(
        self, cast: Cast, google: OidcProvider
    ):
        words = Client().get("/accounts/login/?next=/app/calls/").content.decode()

        assert 'action="/sso/begin/google/"' in words
        assert words.count('name="next" value="/app/calls/"') == 1


class TestChange:
    """Of the accounts by which somebody comes in."""

    @pytest.fixture
    def stale(self, cast: Cast, google: OidcProvider, signed_in: SignIn) -> Client:
        """Ben's browser, in which his second factor was shown six minutes ago."""
        with signing_in():
            User.objects.filter(pk=cast.ben.pk).update(second_factor_since=NOW)
        client = signed_in(cast.ben)
        session = client.session
        session["second_factor_at"] -= 360
        session.save()
        return client

    def test_wants_a_factor_of_the_last_minutes(self, cast: Cast, stale: Client):
        with signing_in():
            mine = SocialIdentity.objects.create(
                user=cast.ben, issuer="i", subject="s", created_at=NOW
            )

        answers = [connect(stale, "google"), stale.post(f"{HERE}{mine.id}/remove/")]

        for one in answers:
            assert one.headers["Location"].startswith("/accounts/second-factor/verify/")
        assert "sso_intent" not in stale.session
        assert identities() == [("s", cast.ben.email)]
        assert actions() == []

    def test_ends_the_sessions_elsewhere_and_is_mailed(
        self, cast: Cast, google: OidcProvider, signed_in: SignIn, letters
    ):
        bens = signed_in(cast.ben)
        connect(bens, "google")
        epoch, key = epoch_of(cast.ben), bens.session.session_key

        go(bens, google, "google")

        assert epoch_of(cast.ben) == epoch + 1
        assert bens.session.session_key != key
        assert bens.get("/app/calls/").status_code == 200
        (letter,) = letters()
        assert letter[:2] == (
            cast.ben.email,
            "Your sign-in: an account elsewhere was connected",
        )
        assert "a Google or Microsoft account was connected" in letter[2]

    def test_back_ends_them_too(
        self, cast: Cast, google: OidcProvider, signed_in: SignIn, letters
    ):
        with signing_in():
            mine = SocialIdentity.objects.create(
                user=cast.ben, issuer="i", subject="s", created_at=NOW
            )
        bens = signed_in(cast.ben)
        epoch = epoch_of(cast.ben)

        bens.post(f"{HERE}{mine.id}/remove/")

        assert epoch_of(cast.ben) == epoch + 1
        assert bens.get("/app/calls/").status_code == 200
        (letter,) = letters()
        assert letter[1] == "Your sign-in: an account elsewhere was disconnected"

    def test_to_what_is_connected_already_changes_nothing(
        self, cast: Cast, google: OidcProvider, signed_in: SignIn, letters
    ):
        with signing_in():
            SocialIdentity.objects.create(
                user=cast.ben, issuer=google.issuer, subject="g-ben", created_at=NOW
            )
        bens = signed_in(cast.ben)
        connect(bens, "google")
        epoch = epoch_of(cast.ben)

        go(bens, google, "google")

        assert epoch_of(cast.ben) == epoch
        assert letters() == []

    def test_hashes_the_password_in_no_transaction(
        self, cast: Cast, google: OidcProvider, signed_in: SignIn, monkeypatch
    ):
        blocks = []
        check = backends.check_password

        def look(*args):
            blocks.append(len(connection.savepoint_ids))
            return check(*args)

        monkeypatch.setattr(backends, "check_password", look)
        bens = signed_in(cast.ben)
        outside = len(connection.savepoint_ids)

        connect(bens, "google")

        assert blocks == [outside]


class TestMicrosoft:
    @pytest.fixture
    def microsoft(self, settings, directory: OidcProvider, cast: Cast) -> OidcProvider:
        """Microsoft for all directories, at which Ben of directory d1 is signed in."""
        settings.MICROSOFT_CLIENT_ID = CLIENT_ID
        settings.MICROSOFT_CLIENT_SECRET = CLIENT_SECRET
        settings.MICROSOFT_ISSUER = f"{directory.issuer}/organizations/v2.0"
        directory.overrides = {"issuer": f"{directory.issuer}/{{tenantid}}/v2.0"}
        directory.person = {
            "iss": f"{directory.issuer}/d1/v2.0",
            "tid": "d1",
            "sub": "m-ben",
            "email": cast.ben.email,
            "xms_edov": "1",
        }
        return directory

    def test_is_known_by_its_directory_and_subject(
        self, cast: Cast, microsoft: OidcProvider, signed_in: SignIn
    ):
        bens = signed_in(cast.ben)
        connect(bens, "microsoft")
        go(bens, microsoft, "microsoft")
        client = Client()
        microsoft.person |= {"iss": f"{microsoft.issuer}/d2/v2.0", "tid": "d2"}

        of_another_directory = go(client, microsoft, "microsoft")

        assert identities() == [("m-ben", cast.ben.email)]
        assert "Connected" in bens.get(HERE).content.decode()
        assert of_another_directory.status_code == 403

    @pytest.mark.parametrize(
        "person", [{"xms_edov": None}, {"xms_edov": "0"}, {"tid": "d3"}]
    )
    def test_is_not_believed_without_its_word(
        self, cast: Cast, microsoft: OidcProvider, signed_in: SignIn, person
    ):
        microsoft.person |= person
        bens = signed_in(cast.ben)
        connect(bens, "microsoft")

        assert go(bens, microsoft, "microsoft").status_code == 403
        assert identities() == []


class TestDirectory:
    def test_of_ones_clinic_is_connected_and_disconnected(
        self, cast: Cast, alders: SsoConnection, directory, signed_in: SignIn
    ):
        directory.person |= {"sub": "00u-ben", "email": cast.ben.email}
        bens = signed_in(cast.ben)
        road = str(alders.id)
        connect(bens, road)
        go(bens, directory, road)
        with tenancy.scope(cast.alder.organization.id):
            mine = DirectoryIdentity.objects.get(user=cast.ben)

        bens.post(f"{HERE}{mine.id}/remove/")

        deliver_letters(cast.alder)
        assert [(one.to[0], one.subject) for one in mail.outbox] == [
            (cast.ben.email, "Your sign-in: an account elsewhere was connected"),
            (cast.ben.email, "Your sign-in: an account elsewhere was disconnected"),
        ]
        clinic = cast.alder.organization.name
        assert f"the directory of {clinic} was taken away" in mail.outbox[1].body
        with tenancy.scope(cast.alder.organization.id):
            assert not DirectoryIdentity.objects.exists()
            rows = AuditLog.objects.filter(action="accounts.sso.connected")
            assert [row.subject_id for row in rows] == [cast.ben.id]
            gone = AuditLog.objects.get(action="accounts.sso.disconnected")
            assert (gone.actor_id, gone.subject_id) == (cast.ben.id, cast.ben.id)

    def test_of_another_clinic_is_not_found(
        self, cast: Cast, alders: SsoConnection, signed_in: SignIn
    ):
        dots = signed_in(cast.dot)

        assert connect(dots, str(alders.id)).status_code == 404
        assert "sso_intent" not in dots.session

    def test_that_made_the_account_is_not_taken_away(
        self, cast: Cast, alders: SsoConnection, directory: OidcProvider
    ):
        client = Client()
        go(client, directory, str(alders.id))
        with tenancy.scope(cast.alder.organization.id):
            mine = DirectoryIdentity.objects.get()

        answer = client.post(f"{HERE}{mine.id}/remove/")

        assert answer.status_code == 409
        words = answer.content.decode()
        assert "It is your only way in. Set a password first" in words
        assert "/accounts/password/reset/" in words
        with tenancy.scope(cast.alder.organization.id):
            assert DirectoryIdentity.objects.count() == 1


class TestAccess:
    def test_is_asked_to_sign_in_first(self, cast: Cast, google: OidcProvider):
        answers = [
            Client().get(HERE),
            connect(Client(), "google"),
            Client().post(f"{HERE}{uuid7()}/remove/"),
        ]

        assert [one.status_code for one in answers] == [302] * 3
        assert identities() == []
