"""Guesses at passwords and codes, by the API and by the sign-in page together."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import backends, rest
from accounts import sign_in as sign_in_page
from accounts.machines.models import TokenFamily
from accounts.models import User
from accounts.way_in import signing_in
from tests.cast import PASSWORD, Cast
from tests.integration.accounts.machines.conftest import (
    code_now,
    give_factor,
    rows,
    sign_in,
)

STRANGER = "192.0.2.9"


class Clock:
    now = datetime(2026, 11, 26, 9, tzinfo=UTC)

    def go_on(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for edge in (backends, rest, sign_in_page):
        monkeypatch.setattr(edge, "utc_now", lambda: clock.now)
    return clock


class CountedHasher(MD5PasswordHasher):
    """Counts what would take a quarter of a second in the product."""

    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).hashed += 1
        return super().encode(password, salt)


def _cost(user: User, **more: str) -> tuple[int, int]:
    """Return how many hashes and how many questions an answer takes."""
    before = CountedHasher.hashed
    with CaptureQueriesContext(connection) as asked:
        sign_in(user, **more)
    return CountedHasher.hashed - before, len(asked)


def _guess(user: User, count: int, **more: str) -> list[int]:
    return [sign_in(user, password="wrong", **more).status_code for _ in range(count)]


class TestAWrongPassword:
    def test_has_ten_tries_and_then_the_right_one_waits_too(
        self, cast: Cast, clock: Clock
    ):
        codes = _guess(cast.ben, 10)

        here = sign_in(cast.ben)
        elsewhere = sign_in(cast.ben, address=STRANGER)

        assert codes == [401] * 10
        for answer in (here, elsewhere):
            assert (answer.status_code, answer.json()["code"]) == (
                429,
                "too_many_tries",
            )
            assert answer.headers["retry-after"] == "900"
        with signing_in():
            assert not TokenFamily.objects.exists()
        assert len(rows("accounts.session.refused")) == 10
        assert [row.facts for row in rows("accounts.sign_in.locked")] == [
            {"tries": 10, "is_of_client": False, "is_of_device": False}
        ]

    def test_is_forgiven_after_a_quarter_of_an_hour(self, cast: Cast, clock: Clock):
        _guess(cast.ben, 10)

        clock.go_on(minutes=15)

        assert sign_in(cast.ben).status_code == 200

    def test_counts_with_those_of_the_sign_in_page(self, cast: Cast, clock: Clock):
        _guess(cast.ben, 5)
        for _ in range(5):
            Client().post(
                "/accounts/login/", {"login": cast.ben.email, "password": "wrong"}
            )

        page = Client().post(
            "/accounts/login/", {"login": cast.ben.email, "password": PASSWORD}
        )

        assert sign_in(cast.ben).status_code == page.status_code == 429

    def test_is_one_of_ten_until_the_person_is_right(self, cast: Cast, clock: Clock):
        first = _guess(cast.ben, 9)
        right = sign_in(cast.ben).status_code
        clock.go_on(minutes=1)
        second = _guess(cast.ben, 9)

        assert [*first, right, *second] == [401] * 9 + [200] + [401] * 9


class TestAWrongCode:
    def test_counts_for_the_person_from_wherever_it_comes(self, cast: Cast):
        give_factor(cast.ada)
        codes = [
            sign_in(cast.ada, code="000000", address=f"192.0.2.{n}").status_code
            for n in range(5)
        ]

        right = sign_in(cast.ada, code=code_now(), address=STRANGER)

        assert codes == [401] * 4 + [429]
        assert (right.status_code, right.json()["code"]) == (429, "too_many_tries")
        assert int(right.headers["retry-after"]) > 0


class TestAPerson:
    @pytest.fixture
    def closed(self, cast: Cast) -> User:
        with signing_in():
            User.objects.filter(pk=cast.cy.pk).update(is_active=False)
        return cast.cy

    @pytest.fixture
    def without_password(self, cast: Cast) -> User:
        with signing_in():
            cast.dot.set_unusable_password()
            cast.dot.save(update_fields=["password"])
        return cast.dot

    def test_cannot_be_told_from_nobody(
        self, cast: Cast, clock: Clock, closed: User, without_password: User
    ):
        answers = [
            sign_in(cast.ben, password="wrong"),
            sign_in(cast.ben, email="who@else.example"),
            sign_in(closed),
            sign_in(closed, password="wrong"),
            sign_in(without_password),
        ]

        assert {one.status_code for one in answers} == {401}
        assert len({one.content for one in answers}) == 1
        # Dates and request ids apart, the headers are the same.
        assert len({frozenset(one.headers) for one in answers}) == 1

    def test_costs_one_hash_whoever_it_is(
        self,
        cast: Cast,
        clock: Clock,
        closed: User,
        without_password: User,
        settings,
    ):
        settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
        tries = [
            (cast.ben, {"password": "wrong"}),
            (cast.ben, {"email": "who@else.example"}),
            (closed, {}),
            (closed, {"password": "wrong"}),
            (without_password, {}),
        ]

        costs = [_cost(user, **more) for user, more in tries]

        assert len(set(costs)) == 1
        assert costs[0][0] == 1

    def test_is_locked_whether_or_not_there_is_one(
        self, cast: Cast, clock: Clock, closed: User
    ):
        nobody = [sign_in(cast.ben, email="who@else.example") for _ in range(11)]
        theirs = [sign_in(closed) for _ in range(11)]

        assert [one.status_code for one in nobody] == [401] * 10 + [429]
        assert [(one.status_code, one.content) for one in theirs] == [
            (one.status_code, one.content) for one in nobody
        ]
