import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client

from accounts.way_in import find_user, signing_in
from compliance.ledger.models import AuditLog
from sondervoice.settings import base
from tests.cast import PASSWORD, Cast

WRONG = "E-mail or password is wrong."


def _sign_in(client: Client, email: str, password: str, **more: str):
    return client.post(
        "/accounts/login/", {"login": email, "password": password, **more}
    )


class TestSignIn:
    def test_leads_to_today(self, cast: Cast):
        client = Client()

        answer = _sign_in(client, cast.ben.email, PASSWORD)

        assert answer.status_code == 302
        assert answer.headers["Location"] == "/app/start/"
        assert client.get("/app/start/").headers["Location"] == "/app/"
        assert client.get("/app/").status_code == 200

    def test_leads_on_to_where_one_wanted_to_go(self, cast: Cast):
        answer = _sign_in(Client(), cast.ada.email, PASSWORD, next="/app/calls/")

        assert answer.headers["Location"] == "/app/calls/"

    def test_leads_to_no_other_site(self, cast: Cast):
        answer = _sign_in(
            Client(), cast.ada.email, PASSWORD, next="https://evil.example/"
        )

        assert answer.headers["Location"] == "/app/start/"

    def test_takes_an_address_in_any_case(self, cast: Cast):
        answer = _sign_in(Client(), cast.ada.email.upper(), PASSWORD)

        assert answer.status_code == 302

    @pytest.mark.parametrize("email", ["ada@alder-clinic.example", "who@else.example"])
    def test_says_the_same_of_a_known_and_an_unknown_address(
        self, cast: Cast, email: str
    ):
        answer = _sign_in(Client(), email, "not the password")

        assert answer.status_code == 200
        assert WRONG in answer.content.decode()
        assert answer.content.decode().count(email) == 1

    def test_asks_for_what_is_missing(self, cast: Cast):
        answer = _sign_in(Client(), "ada", "")

        words = answer.content.decode()
        assert "This is not an e-mail address." in words
        assert "Write your password." in words

    def test_refuses_somebody_whose_account_is_closed(self, cast: Cast):
        client = Client()
        _sign_in(client, cast.ada.email, PASSWORD)

        with signing_in():
            cast.ada.is_active = False
            cast.ada.save(update_fields=["is_active"])

        assert client.get("/app/").status_code == 302

    def test_is_written_down_with_who_came_and_who_was_refused(self, cast: Cast):
        client = Client()

        _sign_in(client, cast.ada.email.upper(), "not the password")
        _sign_in(client, "who@else.example", "not the password")
        _sign_in(client, cast.ada.email, PASSWORD)
        client.post("/accounts/logout/")

        rows = AuditLog.unscoped.order_by("at", "id")
        assert [(row.action, row.actor_id, row.subject_id) for row in rows] == [
            ("accounts.session.refused", None, cast.ada.id),
            ("accounts.session.refused", None, None),
            ("accounts.session.opened", cast.ada.id, cast.ada.id),
            ("accounts.session.closed", cast.ada.id, cast.ada.id),
        ]
        assert {row.organization_id for row in rows} == {None}
        assert [(row.fields, row.facts) for row in rows] == [([], {})] * 4

    def test_hashes_a_password_of_an_older_kind_anew(self, cast: Cast, settings):
        settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
        with signing_in():
            cast.ada.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1)
            cast.ada.save(update_fields=["password"])

        answer = _sign_in(Client(), cast.ada.email, PASSWORD)

        assert answer.status_code == 302
        hashed = find_user(cast.ada.pk).password
        assert hashed.startswith("bcrypt_sha256$$2b$12$")
        assert _sign_in(Client(), cast.ada.email, PASSWORD).status_code == 302
        assert find_user(cast.ada.pk).password == hashed

    def test_ends_with_signing_out(self, cast: Cast):
        client = Client()
        _sign_in(client, cast.ada.email, PASSWORD)

        asked = client.get("/accounts/logout/")
        done = client.post("/accounts/logout/")

        assert "Sign out?" in asked.content.decode()
        assert done.status_code == 302
        assert client.get("/app/").status_code == 302
