import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.second_factor import doors, mailbox, mailbox_views
from accounts.second_factor.models import AuthenticatorApp
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.models import OutboxJob
from tests.cast import Cast
from tests.cast_factor import (
    actions_of,
    give_phone,
    sign_in_with_mailbox,
    sign_in_with_password,
    sign_in_without_factor,
)
from tests.cast_fixtures import SignIn
from tests.integration.accounts.joining.letters import run_jobs
from tests.integration.accounts.second_factor.test_set_up_views import phone_that_scans

SET_UP = "/accounts/second-factor/set-up/"
MAILBOX = "/accounts/second-factor/mailbox/"
SEND = "/accounts/second-factor/mailbox/send/"
ROADS = [
    SET_UP,
    "/accounts/second-factor/codes/",
    "/accounts/second-factor/passkey/add/",
    "/accounts/second-factor/passkey/add/finish/",
]


def code_in_letter(to: User) -> str:
    run_jobs()
    letter = mail.outbox[-1]
    mail.outbox.clear()
    assert letter.to == [to.email]
    (code,) = re.findall(r"^[0-9a-z]{4}-[0-9a-z]{4}$", str(letter.body), re.MULTILINE)
    return code


def _has_app(user: User) -> bool:
    with signing_in():
        return AuthenticatorApp.objects.filter(user=user).exists()


class TestAPasswordAlone:
    @pytest.mark.parametrize("address", ROADS)
    def test_sets_no_first_factor_up(self, cast: Cast, address: str):
        client = sign_in_with_password(cast.ada)

        answer = client.post(address, {"code": "123456"})

        assert answer.headers["Location"].startswith(MAILBOX)
        assert not _has_app(cast.ada)
        assert actions_of(cast.ada) == []

    def test_is_told_where_the_code_goes(self, cast: Cast):
        client = sign_in_with_password(cast.ada)

        page = client.get(MAILBOX).content.decode()

        assert "a•••@alder-clinic.example" in page
        assert cast.ada.email not in page.partition("Signed in as")[0]
        assert not OutboxJob.objects.exists()


class TestCode:
    def test_opens_the_set_up(self, cast: Cast):
        client = sign_in_with_password(cast.ada)
        there = client.get(SET_UP).headers["Location"]
        sent = client.post(SEND, {"next": SET_UP})
        code = code_in_letter(cast.ada)
        before = client.session.session_key

        answer = client.post(MAILBOX, {"code": code.upper(), "next": SET_UP})
        phone = phone_that_scans(client)
        client.post(SET_UP, {"code": phone.code_at(utc_now())})

        assert there == f"{MAILBOX}?next=%2Faccounts%2Fsecond-factor%2Fset-up%2F"
        assert sent.headers["Location"] == there
        assert answer.headers["Location"] == SET_UP
        assert client.session.session_key != before
        assert _has_app(cast.ada)
        assert "mailbox_proved" not in client.session

    def test_is_refused_when_it_is_wrong(self, cast: Cast):
        client = sign_in_with_password(cast.ada)
        client.post(SEND)

        answer = client.post(MAILBOX, {"code": "0000-0000"})

        assert answer.status_code == 422
        assert "We mailed a code to a•••@" in answer.content.decode()
        assert client.get(SET_UP).headers["Location"].startswith(MAILBOX)

    def test_is_good_once(self, cast: Cast):
        client = sign_in_with_password(cast.ada)
        client.post(SEND)
        code = code_in_letter(cast.ada)
        client.post(MAILBOX, {"code": code})

        assert client.post(MAILBOX, {"code": code}).status_code == 422

    def test_is_dead_once_another_was_sent(self, cast: Cast):
        client = sign_in_with_password(cast.ada)
        client.post(SEND)
        older = code_in_letter(cast.ada)
        client.post(SEND)

        assert client.post(MAILBOX, {"code": older}).status_code == 422

    def test_is_good_in_the_session_that_asked_alone(self, cast: Cast):
        client = sign_in_with_password(cast.ada)
        client.post(SEND)
        code = code_in_letter(cast.ada)
        thief = sign_in_with_password(cast.ada)
        thief.post(SEND)

        assert thief.post(MAILBOX, {"code": code}).status_code == 422

    def test_is_dead_after_an_hour(self, cast: Cast, monkeypatch):
        client = sign_in_with_password(cast.ada)
        client.post(SEND)
        code = code_in_letter(cast.ada)
        later = utc_now() + mailbox.CODE_LASTS
        monkeypatch.setattr(mailbox_views, "utc_now", lambda: later)

        assert client.post(MAILBOX, {"code": code}).status_code == 422

    def test_is_not_tried_more_than_ten_times(self, cast: Cast):
        client = sign_in_with_password(cast.ada)
        client.post(SEND)
        code = code_in_letter(cast.ada)
        for _ in range(10):
            client.post(MAILBOX, {"code": "0000-0000"})

        assert client.post(MAILBOX, {"code": code}).status_code == 429
        assert client.get(SET_UP).headers["Location"].startswith(MAILBOX)

    def test_is_sent_five_times_an_hour(self, cast: Cast):
        client = sign_in_with_password(cast.ada)

        answers = [client.post(SEND).status_code for _ in range(6)]

        assert answers == [302] * 5 + [429]
        assert OutboxJob.objects.count() == 5


class TestProof:
    def test_counts_for_a_quarter_of_an_hour(self, cast: Cast, monkeypatch):
        client = sign_in_with_mailbox(cast.ada)
        assert client.get(SET_UP).status_code == 200
        later = utc_now() + timedelta(minutes=15)
        monkeypatch.setattr(doors, "utc_now", lambda: later)

        assert client.get(SET_UP).headers["Location"].startswith(MAILBOX)

    def test_is_nobody_elses(self, cast: Cast):
        client = sign_in_without_factor(cast.ben)
        session = client.session
        session["mailbox_proved"] = [str(cast.ada.pk), int(utc_now().timestamp())]
        session.save()

        assert client.get(SET_UP).headers["Location"].startswith(MAILBOX)

    def test_is_not_asked_of_who_shows_a_factor(self, cast: Cast, signed_in: SignIn):
        give_phone(cast.ada, now=utc_now())
        client = signed_in(cast.ada)

        assert client.get(SET_UP).status_code == 200
        assert client.get(MAILBOX).headers["Location"] == "/accounts/second-factor/"

    def test_is_nothing_to_a_stranger(self, cast: Cast):
        for address in (MAILBOX, SEND):
            answer = Client().post(address)
            assert answer.headers["Location"].startswith("/accounts/login/")
        assert not OutboxJob.objects.exists()
