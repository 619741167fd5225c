"""Weeks are counted once, together where they are quiet, and lead back to nobody."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Organization
from compliance.closing.registry import end_rows
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.jobs import run_waiting
from telephony.models import Call
from telephony.statistics.jobs import count_statistics
from telephony.statistics.services import count_weeks as module
from telephony.statistics.services.count_weeks import count_weeks
from tests.cast_calls import make_call
from tests.cast_fixtures import cast
from tests.clock import StoppedClock, stopped_clock

__all__ = ["cast", "stopped_clock"]

pytestmark = pytest.mark.django_db
# 18:00 UTC is noon in Chicago.
NOON = datetime(2026, 11, 2, 18, tzinfo=UTC)
FIRST = date(2026, 11, 2)
LATER = datetime(2026, 11, 25, 2, tzinfo=UTC)


@pytest.fixture
def alder(cast):
    return cast.alder


def _ring(alder, days, count, **fields):
    with tenancy.scope(alder.organization.id):
        return [
            make_call(
                alder, at=NOON + timedelta(days=days, minutes=3 * number), **fields
            )
            for number in range(count)
        ]


def _live_in(alder, zone: str) -> None:
    with tenancy.scope(alder.organization.id):
        Organization.objects.update(timezone=zone)


def _count(alder, now=LATER) -> int:
    return count_weeks(organization_id=alder.organization.id, now=now)


def _rows(alder) -> list[tuple]:
    with tenancy.scope(alder.organization.id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT first_on, last_on, measure::text, bucket::text, calls "
            "FROM statistics.call_counts ORDER BY 1, 2, 3, 4"
        )
        return cursor.fetchall()


def _totals(alder) -> list[tuple]:
    return [
        (first_on, (last_on - first_on).days + 1, calls)
        for first_on, last_on, measure, _, calls in _rows(alder)
        if measure == "all"
    ]


class TestWeek:
    def test_is_published_with_what_is_large_enough(self, alder):
        _ring(alder, 0, 12, outcome="booked")
        _ring(alder, 1, 14, outcome="info", language="de")
        _ring(alder, 1, 3, outcome="emergency", language="fr")

        assert _count(alder) == 1

        sunday = FIRST + timedelta(days=6)
        assert [
            row for row in _rows(alder) if row[2] in {"all", "outcome", "language"}
        ] == [
            (FIRST, FIRST, "all", "all", 12),
            (FIRST, sunday, "all", "all", 29),
            (FIRST, sunday, "language", "en", 12),
            (FIRST, sunday, "language", "rest", 17),
            (FIRST, sunday, "outcome", "booked", 12),
            (FIRST, sunday, "outcome", "served", 17),
            (FIRST + timedelta(days=1), FIRST + timedelta(days=1), "all", "all", 17),
        ]

    def test_of_eleven_is_published_and_of_ten_is_not(self, cast):
        _ring(cast.alder, 0, 11)
        _ring(cast.birch, 0, 10)

        assert (_count(cast.alder), _count(cast.birch)) == (1, 0)

        assert _totals(cast.alder) == [(FIRST, 7, 11)]
        assert _rows(cast.birch) == []

    def test_that_is_quiet_is_counted_with_those_after_it(self, alder):
        _ring(alder, 0, 4)
        _ring(alder, 7, 6)
        _ring(alder, 14, 30)

        _count(alder, NOON + timedelta(days=14))
        assert _totals(alder) == []
        _count(alder)

        assert _totals(alder) == [(FIRST, 21, 40)]

    def test_that_goes_on_is_not_counted(self, alder):
        _ring(alder, 0, 11)
        sunday_night = datetime(2026, 11, 9, 5, 59, tzinfo=UTC)

        assert _count(alder, sunday_night) == 0
        assert _count(alder, sunday_night + timedelta(minutes=1)) == 1

    def test_waits_for_a_call_that_goes_on(self, alder):
        calls = _ring(alder, 6, 11)
        with tenancy.scope(alder.organization.id):
            Call.objects.filter(pk=calls[0].id).update(status="live", ended_at=None)

        assert _count(alder) == 0

        with tenancy.scope(alder.organization.id):
            ended_at = calls[0].ended_at
            Call.objects.filter(pk=calls[0].id).update(
                status="ended", ended_at=ended_at
            )
        assert _count(alder) == 1

    def test_leaves_out_what_was_deleted(self, alder):
        calls = _ring(alder, 0, 12)
        with tenancy.scope(alder.organization.id):
            Call.objects.filter(pk=calls[0].id).update(
                deleted_at=NOON, deleted_by=uuid7(), restorable_until=LATER
            )

        _count(alder)

        assert _totals(alder) == [(FIRST, 7, 11)]

    @pytest.mark.parametrize("monday", [date(2026, 10, 26), date(2026, 3, 2)])
    def test_begins_and_ends_at_midnight_when_clocks_change(self, alder, monday):
        """In Chicago the clock changes on Sunday 1 November and Sunday 8 March."""
        before, after = (
            datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            for day in (monday, monday + timedelta(days=7))
        )
        with tenancy.scope(alder.organization.id):
            for at in (before, after):
                for number in range(11):
                    make_call(alder, at=at + timedelta(minutes=number))

        assert _count(alder) == 2

        assert _totals(alder) == [
            (monday, 7, 11),
            (monday + timedelta(days=7), 7, 11),
        ]


class TestZone:
    def test_that_moves_westward_counts_every_call_once(self, alder):
        """At midnight of Monday in Berlin it is Sunday, 17:00, in Chicago."""
        _live_in(alder, "Europe/Berlin")
        _ring(alder, 0, 12)
        _ring(alder, 6, 13)
        assert _count(alder, datetime(2026, 11, 8, 23, 1, tzinfo=UTC)) == 1
        _live_in(alder, "America/Chicago")
        with tenancy.scope(alder.organization.id):
            for minutes in range(14):
                at = datetime(2026, 11, 8, 23, 30 + minutes, tzinfo=UTC)
                make_call(alder, at=at)
        _ring(alder, 9, 15)

        assert _count(alder) == 1

        assert _totals(alder) == [
            (FIRST, 1, 12),
            (FIRST, 7, 25),
            (date(2026, 11, 8), 1, 13),
            (date(2026, 11, 9), 1, 14),
            (date(2026, 11, 9), 7, 29),
            (date(2026, 11, 11), 1, 15),
        ]


class TestCounting:
    def test_again_adds_nothing(self, alder):
        _ring(alder, 0, 25)
        _ring(alder, 7, 25)
        assert _count(alder) == 2
        before = _rows(alder)

        assert _count(alder) == 0

        assert _rows(alder) == before

    def test_that_is_killed_leaves_no_half_and_counts_once(self, alder, monkeypatch):
        _ring(alder, 0, 25)
        monkeypatch.setattr(module, "publish", _die)
        with pytest.raises(_KilledError):
            _count(alder)
        assert _rows(alder) == []
        monkeypatch.undo()

        assert _count(alder) == 1

        assert _totals(alder)[-1] == (FIRST, 7, 25)

    def test_is_asked_for_once_a_night(self, alder, stopped_clock: StoppedClock):
        stopped_clock.at = LATER
        _ring(alder, 0, 25)

        count_statistics()
        count_statistics()

        assert run_waiting() == 2
        assert _totals(alder)[-1] == (FIRST, 7, 25)


@pytest.mark.django_db(transaction=True)
class TestTwoWorkers:
    def test_at_once_count_a_week_once(self, alder):
        # What a test counts for good stays: no other counts this month.
        weeks = timedelta(weeks=35)
        _ring(alder, -weeks.days, 25)
        together = threading.Barrier(2)

        def work() -> int:
            try:
                together.wait(10)
                return _count(alder)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            done = [pool.submit(work) for _ in range(2)]

        assert sorted(one.result() for one in done) == [0, 1]
        assert _totals(alder)[-1] == (FIRST - weeks, 7, 25)


class TestCanary:
    def test_is_found_again_by_none_of_its_times(self, alder):
        """One call on a quiet day, in a busy week: no row is of its day or hour."""
        _ring(alder, 0, 30)
        (canary,) = _ring(alder, 3, 1, caller="+13125550199", language="tr")
        _count(alder)
        day = canary.started_at.date()

        rows = _rows(alder)

        assert _totals(alder) == [(FIRST, 7, 31)]
        assert [row for row in rows if day in row[:2]] == []
        assert [row for row in rows if row[3] == "tr"] == []
        assert min(row[-1] for row in rows) >= 11


class TestTable:
    def test_takes_no_small_cell(self, alder):
        with (
            tenancy.scope(alder.organization.id),
            pytest.raises(IntegrityError, match="cell_is_large"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "INSERT INTO statistics.call_counts "
                "VALUES (%s, %s, %s, 'all', 'all', 10)",
                [alder.organization.id, FIRST, FIRST],
            )

    def test_shows_a_clinic_its_own_alone(self, cast):
        _ring(cast.alder, 0, 25)
        _count(cast.alder)

        assert _rows(cast.alder) != []
        assert _rows(cast.birch) == []
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM statistics.call_counts")
            assert cursor.fetchone() == (0,)


class TestClosedClinic:
    def test_leaves_its_counts_without_its_name(self, cast):
        for clinic in (cast.alder, cast.birch):
            _ring(clinic, 0, 25)
            _count(clinic)

        with tenancy.scope(cast.alder.organization.id):
            end_rows(cast.alder.organization.id)

        assert (len(_totals(cast.alder)), len(_totals(cast.birch))) == (0, 1)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT calls FROM statistics.all_clinics "
                "WHERE measure = 'all' AND month = '2026-11-01'"
            )
            assert cursor.fetchall() == [(50,)]


class _KilledError(Exception):
    pass


def _die(*_):
    raise _KilledError
