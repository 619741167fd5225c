from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from accounts.second_factor import doors, half_sign_in, verify_views
from accounts.services.end_sessions import end_own_sessions
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now
from tests.cast import PASSWORD, Cast
from tests.cast_factor import (
    actions_of,
    give_codes,
    give_phone,
    sign_in_with_password,
)
from tests.cast_fixtures import SignIn
from tests.integration.accounts.sessions.rows import (
    ends_of,
    epoch_of,
    record_of,
    sessions_of,
)

VERIFY = "/accounts/second-factor/verify/"
RECOVERY = "/accounts/second-factor/recovery/"
LOGIN = "/accounts/login/"

Later = Callable[[timedelta], None]


def _show_password(client: Client, user: User) -> None:
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Lets the pages of the factor see another time."""

    def move(by: timedelta) -> None:
        for edge in (doors, verify_views):
            monkeypatch.setattr(edge, "utc_now", lambda: utc_now() + by)

    return move


class TestAPasswordAlone:
    def test_signs_nobody_in_and_ends_nobodys_session(
        self, cast: Cast, signed_in: SignIn
    ):
        give_phone(cast.ada, now=utc_now())
        owner = signed_in(cast.ada)
        before, record = epoch_of(cast.ada), record_of()

        thief = sign_in_with_password(cast.ada)

        assert owner.get("/app/").status_code == 200
        assert ends_of(cast.ada) == [""]
        assert epoch_of(cast.ada) == before
        assert record_of() == record
        assert "_auth_user_id" not in thief.session

    @pytest.mark.parametrize(
        "address",
        [
            "/app/",
            "/accounts/sessions/",
            "/accounts/password/",
            "/accounts/connections/",
            "/accounts/second-factor/",
            "/accounts/second-factor/set-up/",
            "/accounts/clinics/",
            "/admin/",
        ],
    )
    def test_opens_nothing_but_the_pages_of_the_factor(self, cast: Cast, address: str):
        give_phone(cast.ada, now=utc_now())
        thief = sign_in_with_password(cast.ada)

        answer = thief.get(address)

        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(LOGIN)
        assert thief.get(VERIFY).status_code == 200

    def test_makes_no_browser_known(self, cast: Cast):
        give_phone(cast.ada, now=utc_now())

        assert "device" not in sign_in_with_password(cast.ada).cookies

    def test_is_enough_for_who_has_no_factor(self, cast: Cast):
        client = sign_in_with_password(cast.ben)

        assert client.get("/app/").status_code == 200
        assert record_of() == ["accounts.session.opened"]


class TestARightCode:
    def test_begins_the_session_and_ends_the_one_before(
        self, cast: Cast, signed_in: SignIn
    ):
        phone = give_phone(cast.ada, now=utc_now())
        older = signed_in(cast.ada)
        newer = sign_in_with_password(cast.ada)
        half = newer.session.session_key

        answer = newer.post(
            VERIFY, {"code": phone.code_at(utc_now()), "next": "/app/calls/"}
        )

        assert answer.headers["Location"] == "/app/calls/"
        assert newer.session.session_key != half
        assert newer.get("/app/calls/").status_code == 200
        assert ends_of(cast.ada) == ["superseded", ""]
        assert sessions_of(cast.ada)[1].epoch == epoch_of(cast.ada) == 2
        assert older.get("/app/").status_code == 302
        assert "You signed in elsewhere" in older.get(LOGIN).content.decode()
        assert record_of().count("accounts.session.opened") == 2
        assert record_of().count("accounts.session.superseded") == 1

    def test_of_recovery_does_the_same(self, cast: Cast):
        give_phone(cast.ada, now=utc_now())
        code = give_codes(cast.ada, now=utc_now())[0]
        client = sign_in_with_password(cast.ada)

        client.post(RECOVERY, {"code": code})

        assert client.get("/app/").status_code == 200
        assert ends_of(cast.ada) == [""]

    def test_makes_the_id_of_the_half_worthless(self, cast: Cast):
        phone = give_phone(cast.ada, now=utc_now())
        client = sign_in_with_password(cast.ada)
        copied = Client()
        copied.cookies.update(client.cookies)

        client.post(VERIFY, {"code": phone.code_at(utc_now())})

        assert copied.get("/app/").status_code == 302
        assert copied.get(VERIFY).headers["Location"].startswith(LOGIN)


class TestAWrongCode:
    def test_leaves_the_owners_session_alone(self, cast: Cast, signed_in: SignIn):
        give_phone(cast.ada, now=utc_now())
        owner = signed_in(cast.ada)
        thief = sign_in_with_password(cast.ada)

        answer = thief.post(VERIFY, {"code": "000000"})

        assert answer.status_code == 422
        assert owner.get("/app/").status_code == 200
        assert thief.get("/app/").status_code == 302
        assert ends_of(cast.ada) == [""]
        assert actions_of(cast.ada) == ["accounts.factor.refused"]


class TestTooLate:
    def test_is_ten_minutes_and_says_so(self, cast: Cast, later: Later):
        phone = give_phone(cast.ada, now=utc_now())
        client = sign_in_with_password(cast.ada)
        later(half_sign_in.LASTS)

        answer = client.post(
            VERIFY, {"code": phone.code_at(utc_now()), "next": "/app/calls/"}
        )
        page = client.get(answer.headers["Location"]).content.decode()

        assert answer.headers["Location"] == f"{LOGIN}?next=/app/calls/"
        assert "Sign in again: it took longer than ten minutes." in page
        assert sessions_of(cast.ada) == []
        assert actions_of(cast.ada) == []

    def test_is_once_the_sessions_were_ended(self, cast: Cast):
        phone = give_phone(cast.ada, now=utc_now())
        client = sign_in_with_password(cast.ada)
        with signing_in():
            end_own_sessions(user_id=cast.ada.pk)

        answer = client.post(VERIFY, {"code": phone.code_at(utc_now())})
        page = client.get(LOGIN).content.decode()

        assert answer.headers["Location"] == f"{LOGIN}?next=/app/start/"
        assert "Sign in again: your sessions were ended meanwhile." in page
        assert sessions_of(cast.ada) == []
        assert actions_of(cast.ada) == []

    def test_is_once_the_password_is_another(self, cast: Cast):
        give_phone(cast.ada, now=utc_now())
        client = sign_in_with_password(cast.ada)
        with signing_in():
            cast.ada.set_password("three other words are good")
            cast.ada.save(update_fields=["password"])

        assert client.get(VERIFY).headers["Location"].startswith(LOGIN)

    def test_says_it_to_a_script_too(self, cast: Cast):
        answer = Client().post(
            "/accounts/second-factor/passkey/show/",
            headers={"Accept": "application/json"},
        )

        assert answer.status_code == 401
        assert answer.json() == {"detail": "Sign in again first."}


class TestTwoTabs:
    def test_take_a_second_code_of_who_came_in_by_the_first(self, cast: Cast):
        phone = give_phone(cast.ada, now=utc_now())
        codes = give_codes(cast.ada, now=utc_now())
        client = sign_in_with_password(cast.ada)
        client.post(VERIFY, {"code": phone.code_at(utc_now())})

        answer = client.post(RECOVERY, {"code": codes[0]})

        assert answer.status_code == 302
        assert client.get("/app/").status_code == 200
        assert ends_of(cast.ada) == [""]


class TestAnotherAccount:
    def test_can_be_used_instead(self, cast: Cast):
        give_phone(cast.ada, now=utc_now())
        client = sign_in_with_password(cast.ada)
        page = client.get(VERIFY).content.decode()

        client.post("/accounts/logout/")

        assert f"You sign in as {cast.ada.email}" in page
        assert "Use another account" in page
        assert client.get(VERIFY).headers["Location"].startswith(LOGIN)


class TestKnownBrowsers:
    def test_are_not_locked_by_strangers(self, cast: Cast):
        phone = give_phone(cast.ada, now=utc_now())
        owner = sign_in_with_password(cast.ada)
        owner.post(VERIFY, {"code": phone.code_at(utc_now())})
        owner.post("/accounts/logout/")
        codes = give_codes(cast.ada, now=utc_now())
        for _ in range(5):
            sign_in_with_password(cast.ada).post(VERIFY, {"code": "000000"})

        stranger = sign_in_with_password(cast.ada)
        _show_password(owner, cast.ada)

        assert stranger.post(RECOVERY, {"code": codes[0]}).status_code == 429
        assert owner.post(RECOVERY, {"code": codes[0]}).status_code == 302
        assert owner.get("/app/").status_code == 200

    def test_have_five_tries_of_their_own(self, cast: Cast):
        phone = give_phone(cast.ada, now=utc_now())
        owner = sign_in_with_password(cast.ada)
        owner.post(VERIFY, {"code": phone.code_at(utc_now())})
        codes = give_codes(cast.ada, now=utc_now())

        # The session goes on; its new recovery codes have ended it for the rest.
        owner.post("/accounts/logout/")
        _show_password(owner, cast.ada)
        answers = [owner.post(VERIFY, {"code": "000000"}).status_code for _ in range(5)]

        assert answers == [422, 422, 422, 422, 429]
        assert owner.post(RECOVERY, {"code": codes[0]}).status_code == 429
        elsewhere = sign_in_with_password(cast.ada)
        assert elsewhere.post(RECOVERY, {"code": codes[0]}).status_code == 302

    def test_are_forgotten_with_the_factors(self, cast: Cast):
        phone = give_phone(cast.ada, now=utc_now())
        owner = sign_in_with_password(cast.ada)
        owner.post(VERIFY, {"code": phone.code_at(utc_now())})
        owner.post("/accounts/logout/")
        give_phone(cast.ada, now=utc_now(), key=b"09876543210987654321")
        for _ in range(5):
            sign_in_with_password(cast.ada).post(VERIFY, {"code": "000000"})
        _show_password(owner, cast.ada)

        assert owner.post(VERIFY, {"code": "000000"}).status_code == 429
