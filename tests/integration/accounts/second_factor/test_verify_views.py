import pytest
from django.test import Client

from accounts.second_factor.models import FactorTries
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast
from tests.cast_factor import (
    STEP,
    actions_of,
    give_codes,
    give_phone,
    sign_in_with_password,
)

VERIFY = "/accounts/second-factor/verify/"
RECOVERY = "/accounts/second-factor/recovery/"
ELSEWHERE = [
    "https://evil.example/",
    "http:evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "app/",
    "@evil.example",
    "/%0d%0aSet-Cookie:x\r\n",
]


class TestVerify:
    def test_lets_a_right_code_through_and_changes_the_sessions_id(self, cast: Cast):
        phone = give_phone(cast.ada, now=utc_now())
        client = sign_in_with_password(cast.ada)
        before = client.session.session_key

        asked = client.get("/app/calls/")
        answer = client.post(
            VERIFY, {"code": phone.code_at(utc_now()), "next": "/app/calls/"}
        )

        assert asked.headers["Location"] == "/accounts/login/?next=/app/calls/"
        assert answer.headers["Location"] == "/app/calls/"
        assert client.get("/app/calls/").status_code == 200
        assert client.session.session_key != before
        assert actions_of(cast.ada) == ["accounts.factor.shown"]

    def test_refuses_a_wrong_code(self, cast: Cast):
        phone = give_phone(cast.ada, now=utc_now())
        client = sign_in_with_password(cast.ada)

        answer = client.post(VERIFY, {"code": phone.code_at(utc_now() - 9 * STEP)})

        assert answer.status_code == 422
        assert "This code is not right" in answer.content.decode()
        assert client.get("/app/").status_code == 302
        assert actions_of(cast.ada) == ["accounts.factor.refused"]

    def test_locks_after_five_wrong_codes_and_says_how_long(self, cast: Cast):
        phone = give_phone(cast.ada, now=utc_now())
        client = sign_in_with_password(cast.ada)

        answers = [
            client.post(VERIFY, {"code": "0000000"[:6]}).status_code for _ in range(5)
        ]
        right = client.post(VERIFY, {"code": phone.code_at(utc_now())})

        assert answers == [422, 422, 422, 422, 429]
        assert right.status_code == 429
        assert "Wait 15 minutes" in right.content.decode()
        assert client.get("/app/").status_code == 302
        assert actions_of(cast.ada) == [
            *["accounts.factor.refused"] * 4,
            "accounts.factor.locked",
            "accounts.factor.refused",
        ]

    def test_counts_one_account_from_every_browser(self, cast: Cast):
        give_phone(cast.ada, now=utc_now())

        for _ in range(5):
            sign_in_with_password(cast.ada).post(VERIFY, {"code": "000000"})

        with signing_in():
            tries = FactorTries.objects.get(user=cast.ada)
        assert tries.locked_until is not None

    def test_does_not_count_what_is_no_code(self, cast: Cast):
        give_phone(cast.ada, now=utc_now())
        client = sign_in_with_password(cast.ada)

        answer = client.post(VERIFY, {"code": ""})

        assert answer.status_code == 422
        assert actions_of(cast.ada) == []

    def test_does_not_take_another_persons_code(self, cast: Cast):
        give_phone(cast.ada, now=utc_now())
        other = give_phone(cast.ben, now=utc_now(), key=b"09876543210987654321")

        client = sign_in_with_password(cast.ada)
        answer = client.post(VERIFY, {"code": other.code_at(utc_now())})

        assert answer.status_code == 422
        assert client.get("/app/").status_code == 302

    @pytest.mark.parametrize("elsewhere", ELSEWHERE)
    def test_leads_nowhere_else(self, cast: Cast, elsewhere: str):
        phone = give_phone(cast.ada, now=utc_now())
        client = sign_in_with_password(cast.ada)

        answer = client.post(
            VERIFY, {"code": phone.code_at(utc_now()), "next": elsewhere}
        )

        assert answer.headers["Location"] == "/app/start/"

    def test_is_asked_for_again_after_signing_in_again(self, cast: Cast, signed_in):
        give_phone(cast.ada, now=utc_now())
        client = signed_in(cast.ada)
        assert client.get("/app/").status_code == 200

        with signing_in():
            client.force_login(cast.ada)

        assert client.get("/app/").headers["Location"].startswith(VERIFY)

    def test_leads_who_has_no_factor_to_set_one_up(self, cast: Cast):
        answer = sign_in_with_password(cast.ada).get(VERIFY)

        assert answer.headers["Location"] == "/accounts/second-factor/set-up/"

    @pytest.mark.parametrize("address", [VERIFY, RECOVERY])
    def test_is_nothing_to_a_stranger(self, cast: Cast, address: str):
        answer = Client().post(address, {"code": "000000"})

        assert answer.headers["Location"].startswith("/accounts/login/")
        assert actions_of(cast.ada) == []


class TestRecovery:
    def test_lets_a_code_through_once(self, cast: Cast):
        give_phone(cast.ada, now=utc_now())
        code = give_codes(cast.ada, now=utc_now())[3]
        typed = {"code": code.upper().replace("-", " ")}

        first = sign_in_with_password(cast.ada)
        assert first.post(RECOVERY, typed).status_code == 302
        assert first.get("/app/").status_code == 200
        assert "9 of" in first.get("/accounts/second-factor/").content.decode()

        second = sign_in_with_password(cast.ada)
        assert second.post(RECOVERY, typed).status_code == 422
        assert second.get("/app/").headers["Location"] == "/accounts/login/?next=/app/"

    def test_is_not_offered_without_codes(self, cast: Cast):
        give_phone(cast.ada, now=utc_now())

        page = sign_in_with_password(cast.ada).get(VERIFY).content.decode()

        assert "recovery/" not in page
