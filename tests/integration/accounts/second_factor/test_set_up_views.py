import re
from base64 import b32decode

from django.test import Client

from accounts.models import User
from accounts.second_factor.models import AuthenticatorApp, RecoveryCodes
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.models import OutboxJob
from tests.cast import Cast
from tests.cast_factor import (
    STEP,
    Phone,
    actions_of,
    give_codes,
    give_phone,
    sign_in_with_mailbox,
    sign_in_without_factor,
)

SET_UP = "/accounts/second-factor/set-up/"


def phone_that_scans(client: Client) -> Phone:
    page = client.get(SET_UP).content.decode()
    found = re.search(r"data-key>([A-Z2-7 ]+)<", page)
    assert found is not None
    return Phone(app_id=0, key=b32decode(found[1].replace(" ", "")))


def _counts() -> tuple[int, int]:
    with signing_in():
        return AuthenticatorApp.objects.count(), RecoveryCodes.objects.count()


def _read(user: User) -> User:
    with signing_in():
        return User.objects.get(pk=user.pk)


class TestSetUp:
    def test_gives_ada_an_app_her_codes_and_the_dashboard(self, cast: Cast):
        client = sign_in_with_mailbox(cast.ada)
        before = client.session.session_key
        phone = phone_that_scans(client)

        answer = client.post(
            SET_UP, {"code": phone.code_at(utc_now()), "next": "/app/calls/"}
        )
        codes = answer.context["made"]
        kept = client.post(
            "/accounts/second-factor/codes/kept/",
            {"kept": "yes", "next": "/app/calls/"},
        )

        assert answer.status_code == 200
        assert len(set(codes)) == 10
        assert kept.headers["Location"] == "/app/calls/"
        assert client.get("/app/calls/").status_code == 200
        assert _counts() == (1, 1)
        ada = _read(cast.ada)
        assert ada.second_factor_since is not None
        assert client.session.session_key != before
        assert client.session["session_epoch"] == ada.session_epoch
        assert actions_of(cast.ada) == [
            "accounts.factor.added",
            "accounts.recovery_codes.made",
            "accounts.recovery_codes.kept",
        ]
        assert set(OutboxJob.objects.values_list("task", flat=True)) == {
            "accounts.tell_factor_added",
            "accounts.tell_codes_made",
        }

    def test_adds_nothing_for_a_wrong_code(self, cast: Cast):
        client = sign_in_with_mailbox(cast.ada)
        phone = phone_that_scans(client)

        answer = client.post(SET_UP, {"code": phone.code_at(utc_now() - 9 * STEP)})

        assert answer.status_code == 422
        assert "This code is not right." in answer.content.decode()
        assert phone_that_scans(client).key == phone.key
        assert _counts() == (0, 0)
        assert _read(cast.ada).second_factor_since is None
        assert actions_of(cast.ada) == []

    def test_takes_the_code_with_a_space(self, cast: Cast):
        client = sign_in_with_mailbox(cast.ada)
        code = phone_that_scans(client).code_at(utc_now())

        client.post(SET_UP, {"code": f"{code[:3]} {code[3:]}"})

        assert _counts() == (1, 1)

    def test_shows_the_key_in_a_picture_without_style(self, cast: Cast):
        page = sign_in_with_mailbox(cast.ada).get(SET_UP).content.decode()

        picture = page[page.index("<svg xml") if "<svg xml" in page else 0 :]
        assert 'class="qr"' in page
        assert "style=" not in picture

    def test_of_a_second_app_demands_the_first(self, cast: Cast):
        give_phone(cast.ada, now=utc_now())
        client = sign_in_without_factor(cast.ada)

        answers = [client.get(SET_UP), client.post(SET_UP, {"code": "123456"})]

        assert [one.status_code for one in answers] == [302, 302]
        assert [one.headers["Location"] for one in answers] == [
            "/accounts/second-factor/verify/?next=%2Faccounts%2Fsecond-factor%2Fset-up%2F",
            "/accounts/second-factor/verify/?next=%2Faccounts%2Fsecond-factor%2F",
        ]
        assert _counts() == (1, 0)

    def test_keeps_the_codes_there_are_when_an_app_is_added(
        self, cast: Cast, signed_in
    ):
        give_phone(cast.ada, now=utc_now())
        codes = give_codes(cast.ada, now=utc_now())
        client = signed_in(cast.ada)
        phone = phone_that_scans(client)

        answer = client.post(
            SET_UP, {"code": phone.code_at(utc_now()), "name": "Old phone"}
        )

        assert answer.headers["Location"] == "/accounts/second-factor/?done=added"
        assert _counts() == (2, 1)
        with signing_in():
            names = AuthenticatorApp.objects.values_list("name", flat=True)
            assert list(names.order_by("id")) == ["Phone", "Old phone"]
            assert len(RecoveryCodes.objects.get().hashes) == len(codes)

    def test_stops_at_five_apps(self, cast: Cast, signed_in):
        for _ in range(5):
            give_phone(cast.ada, now=utc_now())
        client = signed_in(cast.ada)
        phone = phone_that_scans(client)

        answer = client.post(SET_UP, {"code": phone.code_at(utc_now())})

        assert answer.status_code == 422
        assert _counts() == (5, 0)

    def test_sends_a_stranger_to_sign_in(self, cast: Cast):
        answer = Client().get(SET_UP)

        assert answer.headers["Location"] == f"/accounts/login/?next={SET_UP}"


class TestCodes:
    def test_are_made_anew_and_the_old_ones_are_gone(self, cast: Cast, signed_in):
        give_phone(cast.ada, now=utc_now())
        old = give_codes(cast.ada, now=utc_now())
        client = signed_in(cast.ada)

        new = client.post("/accounts/second-factor/codes/").context["made"]

        again = sign_in_with_mailbox(cast.ada)
        recovery = "/accounts/second-factor/recovery/"
        assert again.post(recovery, {"code": old[0]}).status_code == 422
        assert again.post(recovery, {"code": new[0]}).status_code == 302

    def test_are_nowhere_in_clear(self, cast: Cast, signed_in):
        give_phone(cast.ada, now=utc_now())
        made = give_codes(cast.ada, now=utc_now())

        with signing_in():
            kept = RecoveryCodes.objects.get().hashes

        assert [len(one) for one in kept] == [64] * 10
        assert not set(made) & set(kept)

    def test_are_not_made_without_a_factor(self, cast: Cast):
        client = sign_in_with_mailbox(cast.ben)

        asked = client.get("/accounts/second-factor/codes/")
        answer = client.post("/accounts/second-factor/codes/")

        assert asked.headers["Location"] == SET_UP
        assert answer.status_code == 404
        assert _counts() == (0, 0)

    def test_of_a_stale_session_are_not_made(self, cast: Cast, signed_in):
        give_phone(cast.ada, now=utc_now())
        client = signed_in(cast.ada)
        session = client.session
        session["second_factor_at"] -= 301
        session.save()

        answer = client.post("/accounts/second-factor/codes/")

        assert answer.headers["Location"].startswith("/accounts/second-factor/verify/")
        assert _counts() == (1, 0)
