from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from accounts.guessing.errors import TooManyTriesError
from accounts.guessing.limits import Limit
from accounts.guessing.models import TryCounter
from accounts.guessing.services.clear_old_tries import clear_old_tries
from accounts.guessing.services.forget_tries import forget_tries
from accounts.guessing.services.give_back_try import give_back_try
from accounts.guessing.services.require_tries_left import require_tries_left
from accounts.guessing.services.take_try import take_try
from tests.cast import NOW

A_MINUTE = timedelta(minutes=1)
THREE = Limit(kind="three", tries=3, within=15 * A_MINUTE, lock=5 * A_MINUTE)
KEY = "ada@alder-clinic.example"


def _take(limit=THREE, key=KEY, now=NOW) -> int:
    return take_try(limit=limit, key=key, now=now)


def _is_locked(now=NOW) -> bool:
    try:
        require_tries_left(limit=THREE, key=KEY, now=now)
    except TooManyTriesError:
        return True
    return False


@pytest.mark.django_db
class TestTry:
    def test_is_counted_until_there_are_none_left(self):
        numbers = [_take(now=NOW + minute * A_MINUTE) for minute in range(3)]

        with pytest.raises(TooManyTriesError) as refused:
            _take(now=NOW + 3 * A_MINUTE)

        assert numbers == [1, 2, 3]
        assert refused.value.retry_after_s == 240
        assert str(refused.value) == "Wait 4 minutes, then try again."
        assert len(TryCounter.objects.get().tried_at) == 3

    def test_may_be_made_again_when_the_lock_opens(self):
        for _ in range(3):
            _take()

        assert _is_locked(NOW + 5 * A_MINUTE - timedelta(microseconds=1))
        assert not _is_locked(NOW + 5 * A_MINUTE)

    def test_is_forgotten_a_quarter_of_an_hour_later_whenever_the_first_was(self):
        _take(now=NOW)
        _take(now=NOW + 14 * A_MINUTE)

        assert _take(now=NOW + 15 * A_MINUTE) == 2
        assert _take(now=NOW + 16 * A_MINUTE) == 3

    def test_that_is_given_back_opens_the_lock_it_brought(self):
        _take(now=NOW - A_MINUTE)
        _take(now=NOW - A_MINUTE)
        _take()
        assert _is_locked()

        give_back_try(limit=THREE, key=KEY, taken_at=NOW)
        give_back_try(limit=THREE, key=KEY, taken_at=NOW)

        assert not _is_locked()
        assert _take() == 3

    def test_begins_anew_once_somebody_was_right(self):
        for _ in range(3):
            _take()

        forget_tries(limit=THREE, key=KEY)

        assert not _is_locked()
        assert _take() == 1

    def test_of_one_key_or_kind_counts_for_no_other(self):
        for _ in range(3):
            _take()
        other = Limit(kind="other", tries=3, within=A_MINUTE, lock=A_MINUTE)

        assert _take(key="ben@alder-clinic.example") == 1
        assert _take(limit=other) == 1

    def test_leaves_nothing_of_its_key(self):
        _take()

        row = TryCounter.objects.values().get()

        assert KEY not in str(row)
        assert KEY.encode() not in row["key_hmac"]
        assert len(row["key_hmac"]) == 32


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_are_no_more_than_there_are_tries(self):
        gate = Barrier(12)

        def guess(_):
            gate.wait(10)
            try:
                return _take()
            except TooManyTriesError:
                return None
            finally:
                connections["default"].close()

        with ThreadPoolExecutor(12) as threads:
            numbers = list(threads.map(guess, range(12)))

        assert sorted(one for one in numbers if one) == [1, 2, 3]
        assert numbers.count(None) == 9
        assert len(TryCounter.objects.get().tried_at) == 3


@pytest.mark.django_db
class TestClearing:
    def test_takes_what_a_day_has_passed_over(self):
        _take(now=NOW - timedelta(days=2))
        _take(key="other", now=NOW - timedelta(hours=23))

        assert clear_old_tries(now=NOW) == 1
        assert clear_old_tries(now=NOW) == 0
        assert TryCounter.objects.get().touched_at == NOW - timedelta(hours=23)
