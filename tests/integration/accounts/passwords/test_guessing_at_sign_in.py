from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.cache import cache
from django.test import Client, RequestFactory

from accounts import backends, sign_in
from accounts.guessing import devices
from accounts.guessing.errors import TooManyTriesError
from accounts.guessing.models import TryCounter
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from tests.cast import PASSWORD, Cast
from tests.cast_fixtures import SignIn

LOGIN = "/accounts/login/"
NOBODY = "who@else.example"


class Clock:
    now = datetime(2026, 11, 26, 9, tzinfo=UTC)

    def go_on(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for edge in (backends, sign_in):
        monkeypatch.setattr(edge, "utc_now", lambda: clock.now)
    return clock


def _try(email: str, password: str = "wrong", client: Client | None = None, **headers):
    return (client or Client()).post(
        LOGIN, {"login": email, "password": password}, **headers
    )


def _codes(email: str, count: int, **headers) -> list[int]:
    return [_try(email, **headers).status_code for _ in range(count)]


def _rows(action: str) -> list:
    rows = AuditLog.unscoped.filter(action=action).order_by("at", "id")
    return [(row.subject_id, row.facts) for row in rows]


class TestAccount:
    def test_is_locked_for_a_quarter_of_an_hour_after_ten_wrong_tries(
        self, cast: Cast, clock: Clock
    ):
        codes = _codes(cast.ada.email, 10)

        refused = _try(cast.ada.email, PASSWORD)
        clock.go_on(minutes=14, seconds=59)
        still = _try(cast.ada.email, PASSWORD)
        clock.go_on(seconds=1)

        assert codes == [200] * 10
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
        assert "Wait 15 minutes, then try again." in refused.content.decode()
        assert (still.status_code, still.headers["Retry-After"]) == (429, "1")
        assert _try(cast.ada.email, PASSWORD).status_code == 302

    def test_tells_nobody_whether_there_is_one(self, cast: Cast, clock: Clock):
        with signing_in():
            cast.cy.is_active = False
            cast.cy.save(update_fields=["is_active"])
            cast.dot.set_unusable_password()
            cast.dot.save(update_fields=["password"])
        people = [cast.ada.email, NOBODY, cast.cy.email, cast.dot.email]

        seen = set()
        for email in people:
            answers = [_try(email) for _ in range(11)]
            seen.add(
                tuple(
                    (one.status_code, len(one.content.replace(email.encode(), b"")))
                    for one in answers
                )
            )

        # A token against forgery has the same length in each page.
        assert len(seen) == 1
        assert [code for code, _ in seen.pop()] == [200] * 10 + [429]

    def test_leaves_one_row_and_one_letter_when_it_is_locked(
        self, cast: Cast, clock: Clock, letters
    ):
        _codes(cast.ada.email, 14)
        clock.go_on(minutes=15)
        _codes(cast.ada.email, 10)
        within = letters()
        clock.go_on(minutes=46)
        _codes(cast.ada.email, 10)

        facts = {"tries": 10, "is_of_client": False, "is_of_device": False}
        assert _rows("accounts.sign_in.locked") == [(cast.ada.id, facts)] * 3
        assert len(_rows("accounts.session.refused")) == 30
        assert [letter[:2] for letter in within + letters()] == [
            (cast.ada.email, "Somebody guesses at your SonderVoice password")
        ] * 2

    def test_of_nobody_leaves_the_same_rows_and_no_letter(
        self, cast: Cast, clock: Clock, letters
    ):
        _codes(NOBODY, 10)

        assert [row[0] for row in _rows("accounts.sign_in.locked")] == [None]
        assert letters() == []

    def test_begins_anew_once_its_person_was_right(self, cast: Cast, clock: Clock):
        _codes(cast.ada.email, 9)

        right = _try(cast.ada.email, PASSWORD)

        assert right.status_code == 302
        assert _codes(cast.ada.email, 10) == [200] * 10
        assert _codes(cast.ada.email, 1) == [429]

    def test_is_the_same_however_its_address_is_written(self, cast: Cast, clock: Clock):
        _codes(cast.ada.email.upper(), 5)
        _codes(f"  {cast.ada.email}", 5)

        assert _codes(cast.ada.email, 1) == [429]

    def test_is_locked_whatever_the_cache_forgets(self, cast: Cast, clock: Clock):
        for _ in range(10):
            _try(cast.ada.email)
            cache.clear()

        assert _codes(cast.ada.email, 1) == [429]


class TestClient:
    def test_is_locked_after_a_hundred_wrong_tries_whoever_it_names(
        self, cast: Cast, clock: Clock
    ):
        codes = [_try(f"p{n}@else.example").status_code for n in range(100)]

        assert codes == [200] * 100
        assert _try(cast.ben.email, PASSWORD).status_code == 429
        assert (
            _try(cast.ben.email, PASSWORD, REMOTE_ADDR="192.0.2.9").status_code == 302
        )
        facts = {"tries": 100, "is_of_client": True, "is_of_device": False}
        assert _rows("accounts.sign_in.locked") == [(None, facts)]

    def test_cannot_name_itself_anew(self, cast: Cast, clock: Clock):
        codes = [
            _try(f"p{n}@else.example", HTTP_X_FORWARDED_FOR=f"192.0.2.{n}").status_code
            for n in range(101)
        ]

        assert codes == [200] * 100 + [429]

    def test_behind_our_proxy_is_who_the_proxy_says(
        self, cast: Cast, clock: Clock, settings
    ):
        settings.TRUSTED_PROXIES = 1
        for n in range(100):
            said = f"203.0.113.{n}, 192.0.2.1"
            _try(f"p{n}@else.example", HTTP_X_FORWARDED_FOR=said)

        assert _codes(NOBODY, 1, HTTP_X_FORWARDED_FOR="1.1.1.1, 192.0.2.1") == [429]
        assert _codes(NOBODY, 1, HTTP_X_FORWARDED_FOR="1.1.1.1, 192.0.2.2") == [200]

    def test_of_ipv6_is_its_whole_network(self, cast: Cast, clock: Clock):
        for n in range(100):
            _try(f"p{n}@else.example", REMOTE_ADDR=f"2001:db8:1:2::{n:x}")

        assert _codes(NOBODY, 1, REMOTE_ADDR="2001:db8:1:2:ffff::1") == [429]
        assert _codes(NOBODY, 1, REMOTE_ADDR="2001:db8:1:3::1") == [200]

    def test_that_is_right_about_its_own_account_buys_no_guesses(
        self, cast: Cast, clock: Clock
    ):
        for n in range(99):
            _try(f"p{n}@else.example")
        _try(cast.eve.email, PASSWORD)

        assert _codes(NOBODY, 2) == [200, 429]


class TestKnownBrowser:
    @pytest.fixture
    def adas(self, cast: Cast, clock: Clock) -> Client:
        """The browser in which Ada has signed in, and out again."""
        client = Client()
        _try(cast.ada.email, PASSWORD, client)
        client.post("/accounts/logout/")
        return client

    def test_lets_its_person_in_while_strangers_guess(
        self, cast: Cast, clock: Clock, adas: Client
    ):
        _codes(cast.ada.email, 11)
        for n in range(95):
            _try(f"p{n}@else.example")

        assert _try(cast.ada.email, PASSWORD).status_code == 429
        assert _try(cast.ada.email, PASSWORD, adas).status_code == 302

    def test_keeps_a_session_that_is_open(
        self, cast: Cast, clock: Clock, signed_in: SignIn
    ):
        client = signed_in(cast.ada)

        _codes(cast.ada.email, 12)

        assert client.get("/app/").status_code == 200

    def test_has_ten_tries_of_its_own(self, cast: Cast, clock: Clock, adas: Client):
        codes = [_try(cast.ada.email, client=adas).status_code for _ in range(11)]

        assert codes == [200] * 10 + [429]
        assert _try(cast.ada.email, PASSWORD).status_code == 302
        facts = {"tries": 10, "is_of_client": False, "is_of_device": True}
        assert _rows("accounts.sign_in.locked") == [(cast.ada.id, facts)]

    def test_is_a_stranger_to_everybody_else(
        self, cast: Cast, clock: Clock, adas: Client
    ):
        _codes(cast.ben.email, 10)

        assert _try(cast.ben.email, PASSWORD, adas).status_code == 429

    def test_knows_all_who_share_it(self, cast: Cast, clock: Clock, adas: Client):
        _try(cast.ben.email, PASSWORD, adas)
        adas.post("/accounts/logout/")
        for person in (cast.ada, cast.ben):
            _codes(person.email, 10)

        for person in (cast.ada, cast.ben):
            assert _try(person.email, PASSWORD, adas).status_code == 302
            adas.post("/accounts/logout/")

    def test_is_forgotten_after_half_a_year(
        self, cast: Cast, clock: Clock, adas: Client
    ):
        clock.go_on(days=180)
        _codes(cast.ada.email, 10)

        assert _try(cast.ada.email, PASSWORD, adas).status_code == 429

    def test_cannot_be_made_up(self, cast: Cast, clock: Clock, adas: Client):
        value = adas.cookies["device"].value
        _codes(cast.ada.email, 10)
        for forged in (value[:-1], value.replace(":", "x:", 1), "x", ""):
            stranger = Client()
            stranger.cookies["device"] = forged

            assert _try(cast.ada.email, PASSWORD, stranger).status_code == 429

    def test_is_known_by_a_cookie_that_no_script_reads_and_that_names_nobody(
        self, cast: Cast, clock: Clock, settings
    ):
        settings.SESSION_COOKIE_SECURE = True

        cookie = _try(cast.ada.email, PASSWORD).cookies["__Host-device"]

        assert (cookie["httponly"], cookie["secure"], cookie["path"]) == (
            True, True, "/",
        )  # fmt: skip
        assert (cookie["samesite"], cookie["domain"]) == ("Lax", "")
        assert cookie["max-age"] == 180 * 24 * 3600
        signed = devices._signer.unsign_object(cookie.value)
        assert cast.ada.email not in str(signed)
        assert str(cast.ada.id) not in str(signed)

    def test_is_not_made_known_by_a_wrong_try(self, cast: Cast, clock: Clock):
        assert "device" not in _try(cast.ada.email).cookies


class TestEveryRoad:
    def test_to_a_password_is_counted(self, cast: Cast, clock: Clock):
        request = RequestFactory().post("/elsewhere/")
        for _ in range(10):
            assert authenticate(request, email=cast.ada.email, password="wrong") is None

        with pytest.raises(TooManyTriesError):
            authenticate(request, username=cast.ada.email, password=PASSWORD)

    def test_that_tells_no_request_is_shut(self, cast: Cast):
        assert authenticate(None, email=cast.ada.email, password=PASSWORD) is None


class TestCounters:
    def test_hold_no_address(self, cast: Cast, clock: Clock):
        _codes(cast.ada.email, 2)

        rows = str(list(TryCounter.objects.values()))

        assert "ada@" not in rows
        assert "127.0.0.1" not in rows
        assert TryCounter.objects.count() == 2
