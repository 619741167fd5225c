import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import (
    BCryptSHA256PasswordHasher,
    check_password,
    make_password,
)

from accounts.passwords import hashers
from accounts.passwords.errors import PasswordsBusyError
from accounts.passwords.hashers import HashingPool
from sondervoice.settings import base

PASSWORD = "correct horse battery staple"


class CheapHasher(hashers.PooledBCryptHasher):
    rounds = 4


@pytest.fixture
def ours(settings):
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS


class TestPassword:
    def test_is_hashed_by_bcrypt_at_cost_twelve_as_django_writes_it(self, ours):
        hashed = make_password(PASSWORD)

        assert hashed.startswith("bcrypt_sha256$$2b$12$")
        assert BCryptSHA256PasswordHasher().verify(PASSWORD, hashed)
        assert check_password(PASSWORD, hashed)
        assert not check_password(PASSWORD + "x", hashed)

    def test_of_an_older_kind_is_hashed_anew_at_the_next_sign_in(self, ours):
        older = make_password(PASSWORD, hasher="pbkdf2_sha256")
        anew = []

        assert older.startswith("pbkdf2_sha256$")
        assert check_password(PASSWORD, older, setter=anew.append)
        assert anew == [PASSWORD]

    def test_is_hashed_in_the_pool_alone(self, monkeypatch: pytest.MonkeyPatch):
        seen = []
        monkeypatch.setattr(
            hashers,
            "hashing_pool",
            lambda: _Noting(seen, hashers.half_the_processors()),
        )
        hasher = CheapHasher()

        hashed = hasher.encode(PASSWORD, hasher.salt())

        assert hasher.verify(PASSWORD, hashed)
        assert len(seen) == 2
        assert threading.get_native_id() not in [native_id for native_id, _ in seen]
        assert {priority for _, priority in seen} == {hashers.LOWEST_PRIORITY}


class _Noting(HashingPool):
    """A pool that notes which thread worked, and how it stands among others."""

    def __init__(self, seen: list, threads: int) -> None:
        super().__init__(threads=threads, waiting=1, patience_s=5)
        self._seen = seen

    def run(self, work, *arguments):
        def noted(*again):
            own = threading.get_native_id()
            self._seen.append((own, os.getpriority(os.PRIO_PROCESS, own)))
            return work(*again)

        return super().run(noted, *arguments)


class TestPool:
    def test_has_half_of_the_processors(self):
        assert hashers.half_the_processors() == max(
            1, len(os.sched_getaffinity(0)) // 2
        )

    def test_works_on_so_many_at_once_and_no_more(self):
        pool = HashingPool(threads=2, waiting=20, patience_s=10)
        lock, at_once, most = threading.Lock(), [0], [0]

        def work() -> str:
            with lock:
                at_once[0] += 1
                most[0] = max(most[0], at_once[0])
            time.sleep(0.01)
            with lock:
                at_once[0] -= 1
            return "done"

        with ThreadPoolExecutor(20) as callers:
            answers = list(callers.map(lambda _: pool.run(work), range(20)))

        assert answers == ["done"] * 20
        assert most == [2]

    def test_refuses_who_would_be_one_too_many(self):
        pool, gate = HashingPool(threads=1, waiting=1, patience_s=5), threading.Event()
        with ThreadPoolExecutor(2) as callers:
            taken = [callers.submit(pool.run, self._wait, gate) for _ in range(2)]
            while pool._places._value:
                time.sleep(0.001)

            with pytest.raises(PasswordsBusyError):
                pool.run(lambda: "never")

            gate.set()
            assert [one.result(5) for one in taken] == ["done"] * 2
        assert pool.run(lambda: "again") == "again"

    def test_lets_nobody_wait_for_ever_and_does_not_work_in_vain(self):
        pool, gate = (
            HashingPool(threads=1, waiting=2, patience_s=0.3),
            threading.Event(),
        )
        ran = []
        with ThreadPoolExecutor(1) as callers:
            first = callers.submit(pool.run, self._wait, gate)
            while pool._places._value == 3:
                time.sleep(0.001)

            with pytest.raises(PasswordsBusyError):
                pool.run(lambda: ran.append("in vain") or "")
            # Before the gate opens: who is late to notice would find the work done.
            assert isinstance(first.exception(5), PasswordsBusyError)
            gate.set()
        assert pool.run(lambda: "again") == "again"
        assert ran == []

    @staticmethod
    def _wait(gate: threading.Event) -> str:
        gate.wait(5)
        return "done"
