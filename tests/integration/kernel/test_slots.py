from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from sondervoice.kernel.slots import claim_slot, finish_slot, latest_slot

SLOT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
LEASE = timedelta(minutes=10)


def _claim(*, after: timedelta = timedelta(), job: str = "tests.work") -> bool:
    return claim_slot(job, SLOT, now=SLOT + after, lease=LEASE)


@pytest.mark.django_db
class TestSlot:
    def test_is_claimed_once_while_its_lease_lasts(self):
        assert [_claim(), _claim(), _claim(after=LEASE - timedelta(seconds=1))] == [
            True, False, False,
        ]  # fmt: skip

    def test_is_claimed_again_when_whoever_had_it_died(self):
        _claim()

        assert _claim(after=LEASE)
        assert not _claim(after=LEASE + timedelta(seconds=1))

    def test_that_is_finished_is_nobodys(self):
        _claim()
        finish_slot("tests.work", SLOT, now=SLOT)

        assert not _claim(after=timedelta(days=1))

    def test_of_other_work_or_another_time_is_another(self):
        _claim()

        assert _claim(job="tests.other")
        assert claim_slot("tests.work", SLOT + timedelta(days=1), now=SLOT, lease=LEASE)


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_claim_a_slot_once(self):
        def claim(_: int) -> bool:
            try:
                return _claim()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as threads:
            assert sum(threads.map(claim, range(16))) == 1


class TestLatestSlot:
    @pytest.mark.parametrize(
        ("now", "slot"),
        [
            ("2026-11-26 03:00:00", "2026-11-26 03:00:00"),
            ("2026-11-26 02:59:59", "2026-11-25 03:00:00"),
            ("2026-11-26 23:59:59", "2026-11-26 03:00:00"),
        ],
    )
    def test_of_a_day_is_today_or_yesterday(self, now: str, slot: str):
        given_now = datetime.fromisoformat(f"{now}+00:00")

        assert latest_slot(given_now, hour=3) == datetime.fromisoformat(f"{slot}+00:00")

    @given(
        st.datetimes(timezones=st.just(UTC)).filter(lambda at: at.year > 1),
        st.integers(0, 23),
        st.integers(0, 6),
    )
    def test_of_a_week_is_at_most_a_week_old(self, now: datetime, hour: int, day: int):
        slot = latest_slot(now, hour=hour, weekday=day)

        assert slot <= now < slot + timedelta(days=7)
        assert (slot.weekday(), slot.hour, slot.minute) == (day, hour, 0)
