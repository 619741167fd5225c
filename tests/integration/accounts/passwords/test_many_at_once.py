from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import bcrypt
import pytest
from django.contrib.auth.hashers import (
    BCryptSHA256PasswordHasher,
    MD5PasswordHasher,
    check_password,
)
from django.db import connection, connections
from django.test import Client

from accounts.guessing.models import TryCounter
from accounts.models import User
from accounts.passwords import hashers
from accounts.passwords.hashers import HashingPool
from accounts.passwords.reset_tokens import make_reset_token
from accounts.way_in import find_user, signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel.clock import utc_now
from tests.cast import PASSWORD, Cast, make_cast

LOGIN = "/accounts/login/"
SET = "/accounts/password/reset/set/"


# Of the cast's password, at cost 4.
CHEAP = BCryptSHA256PasswordHasher().encode(PASSWORD, bcrypt.gensalt(4))


class CheapHasher(hashers.PooledBCryptHasher):
    rounds = 4


class NotingHasher(MD5PasswordHasher):
    """Notes whether the thread that hashes has the database by the hand."""

    has_connection: list[bool] = []

    def encode(self, password: str, salt: str) -> str:
        self.has_connection.append(connection.connection is not None)
        return super().encode(password, salt)


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def full_pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A pool whose one thread is busy, and where nobody may wait."""
    pool, gate = HashingPool(threads=1, waiting=0, patience_s=5), Event()
    monkeypatch.setattr(hashers, "hashing_pool", lambda: pool)
    with ThreadPoolExecutor(1) as other:
        other.submit(pool.run, lambda: str(gate.wait(5)))
        while pool._places._value:
            Event().wait(0.001)
        yield
        gate.set()


def _rows(action: str, user: User) -> int:
    return AuditLog.unscoped.filter(action=action, actor_id=user.pk).count()


class TestSignIn:
    @pytest.mark.parametrize("email", ["ben@alder-clinic.example", "who@else.example"])
    def test_says_so_when_too_many_wait_and_counts_no_try(
        self, people: Cast, settings, full_pool: None, email: str
    ):
        with signing_in():
            people.ben.password = CHEAP
            people.ben.save(update_fields=["password"])
        settings.PASSWORD_HASHERS = [f"{__name__}.CheapHasher"]

        answer = Client().post(LOGIN, {"login": email, "password": PASSWORD})

        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert "Many people are signing in" in answer.content.decode()
        assert [row.tried_at for row in TryCounter.objects.all()] == [[], []]
        assert _rows("accounts.session.opened", people.ben) == 0

    @pytest.mark.parametrize(
        "pair",
        [
            ("ben@alder-clinic.example", PASSWORD),
            ("ben@alder-clinic.example", "wrong"),
            ("who@else.example", "wrong"),
        ],
    )
    def test_keeps_no_connection_while_a_password_is_hashed(
        self, people: Cast, settings, pair: tuple[str, str]
    ):
        settings.PASSWORD_HASHERS = [f"{__name__}.NotingHasher"]
        NotingHasher.has_connection.clear()

        Client().post(LOGIN, {"login": pair[0], "password": pair[1]})

        assert set(NotingHasher.has_connection) == {False}


class TestLink:
    def test_that_two_use_at_once_works_for_one(self, people: Cast):
        token = make_reset_token(people.ben, now=utc_now())
        gate = Barrier(2)

        def use(number: int) -> int:
            client = Client()
            client.get(f"/accounts/password/reset/{people.ben.id}/{token}/")
            new = f"seven green bottles {number}"
            gate.wait(10)
            try:
                return client.post(SET, {"new_password": new, "again": new}).status_code
            finally:
                connections["default"].close()

        with ThreadPoolExecutor(2) as threads:
            codes = list(threads.map(use, range(2)))

        stands = find_user(people.ben.pk)
        assert sorted(codes) == [302, 404]
        assert _rows("accounts.password.reset", people.ben) == 1
        assert stands.session_epoch == 1
        won = f"seven green bottles {codes.index(302)}"
        assert check_password(won, stands.password)
