"""A guesser with a stolen password, from many places, in browsers known or not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest
from django.test import Client

from accounts.second_factor.models import AuthenticatorApp
from accounts.second_factor.services import show_code as looking
from accounts.second_factor.services.show_code import show_code, show_recovery_code
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now
from tests.cast import PASSWORD, Cast
from tests.cast_factor import give_codes, give_phone, sign_in_with_password
from tests.integration.accounts.machines.conftest import sign_in

VERIFY = "/accounts/second-factor/verify/"
RECOVERY = "/accounts/second-factor/recovery/"
NOW = datetime(2026, 11, 20, 15, 42, tzinfo=UTC)
HOUR = timedelta(hours=1)
AN_HOUR = 10
WRONG, WRONG_RECOVERY = "000000", "0000-0000-0000"


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was held against the person's app or recovery codes."""
    found: list[str] = []

    def noting(look: Callable, place: int) -> Callable:
        def note(*args, **more):
            found.append(args[place])
            return look(*args, **more)

        return note

    monkeypatch.setattr(
        AuthenticatorApp, "find_step", noting(AuthenticatorApp.find_step, 1)
    )
    monkeypatch.setattr(looking, "find_hash", noting(looking.find_hash, 0))
    return found


class TestAGuesser:
    def test_has_ten_codes_an_hour_compared_from_thirteen_browsers(
        self, cast: Cast, compared: list[str]
    ):
        phone = give_phone(cast.ada, now=NOW)
        give_codes(cast.ada, now=NOW)
        browsers = cycle([None, *(f"browser {number}" for number in range(12))])
        times: list[datetime] = []

        for number in range(180):
            at = NOW + number * timedelta(minutes=1)
            before = len(compared)
            show = show_recovery_code if number % 4 == 0 else show_code
            code = WRONG_RECOVERY if number % 4 == 0 else WRONG
            with signing_in():
                answer = show(
                    user_id=cast.ada.pk, code=code, now=at, browser=next(browsers)
                )
            assert answer.device is None
            times += [at] * (len(compared) - before)

        assert set(compared) == {WRONG, WRONG_RECOVERY}
        assert len(times) == 3 * AN_HOUR
        assert all(
            later - first >= HOUR
            for first, later in zip(times, times[AN_HOUR:], strict=False)
        )
        free = NOW + 3 * HOUR
        with signing_in():
            right = show_code(user_id=cast.ada.pk, code=phone.code_at(free), now=free)
        assert right.device is not None

    def test_has_ten_of_forty_over_the_wire_and_then_no_right_one(
        self, cast: Cast, compared: list[str]
    ):
        phone = give_phone(cast.ada, now=utc_now())
        codes = give_codes(cast.ada, now=utc_now())
        known = [_known_browser(cast, code) for code in codes[:2]]
        for one in known:
            # A password alone again; each whole sign-in ended the halves before it.
            one.post("/accounts/login/", _with_password(cast))
        compared.clear()

        statuses = [
            _guess(cast, known, number).status_code for number in range(4 * AN_HOUR)
        ]
        right = phone.code_at(utc_now())
        after = [
            known[0].post(VERIFY, {"code": right}).status_code,
            known[1].post(RECOVERY, {"code": codes[2]}).status_code,
            sign_in_with_password(cast.ada).post(VERIFY, {"code": right}).status_code,
            sign_in(cast.ada, code=right).status_code,
        ]

        assert compared == [WRONG] * AN_HOUR
        assert set(statuses) == {401, 422, 429}
        assert after == [429] * 4


def _known_browser(cast: Cast, code: str) -> Client:
    """Return a browser in which the factor was shown once."""
    client = sign_in_with_password(cast.ada)
    assert client.post(RECOVERY, {"code": code}).status_code == 302
    client.post("/accounts/logout/")
    return client


def _with_password(cast: Cast) -> dict[str, str]:
    return {"login": cast.ada.email, "password": PASSWORD}


def _guess(cast: Cast, known: list[Client], number: int):
    """Guess once, each time from another place and in another way."""
    address = f"192.0.2.{number}"
    if number % 4 == 0:
        return sign_in(cast.ada, code=WRONG, address=address)
    if number % 4 == 1:
        stranger = sign_in_with_password(cast.ada)
        return stranger.post(VERIFY, {"code": WRONG}, REMOTE_ADDR=address)
    return known[number % 2].post(VERIFY, {"code": WRONG}, REMOTE_ADDR=address)
