from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts.passwords import reset_tokens
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.models import OutboxJob
from tests.cast import PASSWORD, Cast
from tests.cast_fixtures import SignIn
from tests.integration.accounts.passwords.conftest import LINK

ASK = "/accounts/password/reset/"
SET = "/accounts/password/reset/set/"
NEW = "seven green bottles on a wall"
BOTH = {"new_password": NEW, "again": NEW}


@pytest.fixture
def link(cast: Cast, letters) -> str:
    """The link of Ben's letter."""
    Client().post(ASK, {"email": cast.ben.email})
    (letter,) = letters()
    return LINK.search(letter[2]).group()


def _path(link: str) -> str:
    return urlsplit(link).path


def _actions() -> list[str]:
    rows = AuditLog.unscoped.order_by("at", "id")
    return [row.action for row in rows]


def _sign_in(email: str, password: str) -> int:
    form = {"login": email, "password": password}
    return Client().post("/accounts/login/", form).status_code


class TestAsking:
    def test_sends_one_letter_to_whose_address_it_is(self, cast: Cast, letters):
        answer = Client().post(ASK, {"email": cast.ben.email.upper()})

        (letter,) = letters()
        assert answer.headers["Location"] == "/accounts/password/reset/sent/"
        assert letter[:2] == (cast.ben.email, "Set a new password for SonderVoice")
        assert letter[2].count("http://127.0.0.1:8000/accounts/password/reset/") == 1
        row = AuditLog.unscoped.get()
        assert (row.action, row.actor_id, row.subject_id, row.facts) == (
            "accounts.password_reset.asked", None, cast.ben.id, {},
        )  # fmt: skip

    def test_answers_the_same_whoever_is_asked_for(self, cast: Cast, letters):
        with signing_in():
            cast.cy.is_active = False
            cast.cy.save(update_fields=["is_active"])
            cast.dot.set_unusable_password()
            cast.dot.save(update_fields=["password"])
        people = [cast.ben.email, "who@else.example", cast.cy.email, cast.dot.email]

        answers = [Client().post(ASK, {"email": email}) for email in people]

        seen = {
            (one.status_code, one.headers["Location"], one.content) for one in answers
        }
        assert len(seen) == 1
        assert OutboxJob.objects.count() == 4
        assert _actions() == ["accounts.password_reset.asked"] * 4
        assert {letter[0] for letter in letters()} == {cast.ben.email, cast.dot.email}

    def test_leads_to_a_first_password(self, cast: Cast, letters, fresh):
        with signing_in():
            cast.ben.set_unusable_password()
            cast.ben.save(update_fields=["password"])
        client = Client()
        client.post(ASK, {"email": cast.ben.email})
        (letter,) = letters()

        client.get(_path(LINK.search(letter[2]).group()))
        client.post(SET, BOTH)

        assert fresh(cast.ben).check_password(NEW)

    def test_changes_nothing(self, cast: Cast, fresh):
        Client().post(ASK, {"email": cast.ben.email})

        assert fresh(cast.ben).password == cast.ben.password
        assert fresh(cast.ben).session_epoch == 0

    def test_says_what_is_missing(self, cast: Cast):
        empty = Client().post(ASK, {"email": ""})
        wrong = Client().post(ASK, {"email": "ada"})

        assert "Write your e-mail address." in empty.content.decode()
        assert "This is not an e-mail address." in wrong.content.decode()
        assert OutboxJob.objects.count() == 0

    @pytest.mark.parametrize("email", ["ben@alder-clinic.example", "who@else.example"])
    def test_is_enough_after_five_letters_an_hour(self, cast: Cast, email: str):
        codes = [Client().post(ASK, {"email": email}).status_code for _ in range(6)]

        answer = Client().post(ASK, {"email": email})

        assert codes == [302] * 5 + [429]
        assert 3500 < int(answer.headers["Retry-After"]) <= 3600
        assert "Wait 60 minutes" in answer.content.decode()
        assert OutboxJob.objects.count() == 5

    def test_leads_from_the_page_of_signing_in(self, cast: Cast):
        page = Client().get("/accounts/login/").content.decode()

        assert f'<a href="{ASK}">Forgot your password?</a>' in page
        assert Client().get(ASK).status_code == 200


class TestHost:
    """Of a link is the configured one, whatever a request says."""

    @pytest.mark.parametrize(
        "headers",
        [
            {"HTTP_X_FORWARDED_HOST": "evil.example"},
            {"HTTP_X_HOST": "evil.example"},
            {"HTTP_X_FORWARDED_SERVER": "evil.example"},
            {"HTTP_FORWARDED": "host=evil.example"},
            {"HTTP_X_ORIGINAL_URL": "http://evil.example/"},
            {"HTTP_HOST": "localhost", "HTTP_X_FORWARDED_HOST": "evil.example"},
            {"HTTP_HOST": "127.0.0.1:9999"},
        ],
        ids=" ".join,
    )
    def test_is_told_by_no_header(self, cast: Cast, letters, headers):
        Client().post(ASK, {"email": cast.ben.email}, **headers)

        (letter,) = letters()
        assert LINK.search(letter[2]).group().startswith("http://127.0.0.1:8000/")
        assert "evil" not in letter[2]

    @pytest.mark.parametrize(
        "host",
        [
            "evil.example",
            "127.0.0.1@evil.example",
            "127.0.0.1, evil.example",
            "",
            "a b",
        ],
    )
    def test_of_a_request_must_be_one_of_ours(self, cast: Cast, letters, host):
        answer = Client().post(ASK, {"email": cast.ben.email}, HTTP_HOST=host)

        assert answer.status_code == 400
        assert letters() == []
        assert _actions() == ["accounts.password_reset.refused"]


class TestLink:
    def test_moves_its_proof_out_of_the_address(self, cast: Cast, link: str):
        client = Client()

        answer = client.get(_path(link))
        page = client.get(SET)

        token = _path(link).split("/")[-2]
        assert answer.headers["Location"] == SET
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert Client().get(_path(link) + "x/").status_code == 404
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert token not in page.content.decode()
        assert token not in str(dict(client.session))

    def test_changes_nothing_when_it_is_opened(self, cast: Cast, link: str, fresh):
        scanner = Client()

        scanner.get(_path(link))
        scanner.head(_path(link))

        assert fresh(cast.ben).password == cast.ben.password
        assert Client().get(_path(link)).status_code == 302

    def test_sets_a_password_and_signs_nobody_in(
        self, cast: Cast, letters, fresh, signed_in: SignIn
    ):
        elsewhere, client = signed_in(cast.ben), Client()
        client.post(ASK, {"email": cast.ben.email})
        client.get(_path(LINK.search(letters()[0][2]).group()))
        number = fresh(cast.ben).session_epoch

        answer = client.post(SET, BOTH)

        assert answer.headers["Location"] == "/accounts/password/reset/done/"
        assert client.get("/app/").status_code == 302
        assert client.session.keys() == {"mailbox_proved"}
        assert elsewhere.get("/app/").status_code == 302
        assert fresh(cast.ben).session_epoch == number + 1
        assert _sign_in(cast.ben.email, PASSWORD) == 200
        assert _sign_in(cast.ben.email, NEW) == 302
        row = AuditLog.unscoped.get(action="accounts.password.reset")
        assert (row.actor_id, row.subject_id, row.fields, row.facts) == (
            cast.ben.id, cast.ben.id, ["password"], {},
        )  # fmt: skip
        assert [letter[:2] for letter in letters()] == [
            (cast.ben.email, "Your SonderVoice password was changed")
        ]

    def test_works_once(self, cast: Cast, link: str, fresh):
        first, second = Client(), Client()
        first.get(_path(link))
        second.get(_path(link))
        first.post(SET, BOTH)
        stands = fresh(cast.ben).password

        late = second.post(SET, {"new_password": NEW + "!", "again": NEW + "!"})

        assert late.status_code == 404
        assert Client().get(_path(link)).status_code == 404
        assert first.post(SET, BOTH).status_code == 404
        assert fresh(cast.ben).password == stands
        assert _actions().count("accounts.password.reset") == 1

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("password", "another hash"),
            ("email", "ben@new.example"),
            ("session_epoch", 7),
            ("is_active", False),
            ("last_login", utc_now()),
        ],
    )
    def test_dies_with_the_state_it_was_made_for(
        self, cast: Cast, link: str, field: str, value
    ):
        client = Client()
        client.get(_path(link))
        with signing_in():
            setattr(cast.ben, field, value)
            cast.ben.save(update_fields=[field])

        assert client.post(SET, BOTH).status_code == 404
        assert Client().get(_path(link)).status_code == 404
        assert "accounts.password.reset" not in _actions()

    @pytest.mark.parametrize(
        "change", ["{id}/x/", "{other}/{token}/", "{id}/{token}0/"]
    )
    def test_of_somebody_else_is_as_dead_as_one_that_is_none(
        self, cast: Cast, link: str, change: str
    ):
        token = _path(link).split("/")[-2]
        address = ASK + change.format(id=cast.ben.id, other=cast.ada.id, token=token)

        answer = Client().get(address)

        assert answer.status_code == 404
        assert "This link does not work any more" in answer.content.decode()
        nobodys = Client().get(f"{ASK}{uuid7()}/{token}/")
        assert nobodys.content == answer.content

    def test_is_needed_to_set_a_password(self, cast: Cast, fresh):
        answer = Client().post(SET, BOTH)

        assert answer.status_code == 404
        assert fresh(cast.ben).password == cast.ben.password

    def test_stands_in_no_log_and_no_record(
        self, cast: Cast, link: str, caplog: pytest.LogCaptureFixture
    ):
        token = _path(link).split("/")[-2]
        with caplog.at_level("DEBUG"):
            Client().get(_path(link) + "x/")
            client = Client()
            client.get(_path(link))
            client.post(SET, {"new_password": "short", "again": "short"})

        assert token not in caplog.text
        assert not any(
            token in str(row) for row in OutboxJob.objects.values_list("ids")
        )
        assert not any(token in str(row.facts) for row in AuditLog.unscoped.all())

    def test_takes_no_weak_password(self, cast: Cast, link: str, fresh):
        client = Client()
        client.get(_path(link))

        short = client.post(SET, {"new_password": "short", "again": "short"})
        other = client.post(SET, {"new_password": NEW, "again": NEW + "x"})
        alike = client.post(
            SET, {"new_password": "ben@alder-clinic", "again": "ben@alder-clinic"}
        )

        assert "at least 12 characters" in short.content.decode()
        assert "These two are not the same." in other.content.decode()
        assert "too similar" in alike.content.decode()
        assert fresh(cast.ben).password == cast.ben.password


class TestToken:
    def test_holds_for_an_hour_and_no_longer(self, cast: Cast):
        now = utc_now()
        token = reset_tokens.make_reset_token(cast.ben, now=now)
        kept = reset_tokens.keepsake(token)
        last = now + timedelta(minutes=59, seconds=58)
        after = now + timedelta(hours=1)

        assert reset_tokens.reset_token_holds(cast.ben, token, now=last)
        assert reset_tokens.keepsake_holds(cast.ben, kept, now=last)
        assert not reset_tokens.reset_token_holds(cast.ben, token, now=after)
        assert not reset_tokens.keepsake_holds(cast.ben, kept, now=after)

    def test_is_not_what_a_session_keeps(self, cast: Cast):
        token = reset_tokens.make_reset_token(cast.ben, now=utc_now())

        kept = reset_tokens.keepsake(token)

        assert token.partition("-")[2] not in kept
        assert not reset_tokens.reset_token_holds(cast.ben, kept, now=utc_now())
        assert not reset_tokens.keepsake_holds(cast.ben, token, now=utc_now())
