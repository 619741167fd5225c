from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from telephony.periods import between, named_period, one_day, read_day

CHICAGO = ZoneInfo("America/Chicago")
FRIDAY = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # Thursday, 22:00 in Chicago


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


class TestNamedPeriod:
    @pytest.mark.parametrize(
        ("name", "since", "until"),
        [
            ("today", _utc(2026, 11, 19, 6), _utc(2026, 11, 20, 6)),
            ("yesterday", _utc(2026, 11, 18, 6), _utc(2026, 11, 19, 6)),
            ("week", _utc(2026, 11, 16, 6), None),
            # The clock was still on summer time on the first.
            ("month", _utc(2026, 11, 1, 5), None),
            ("all", None, None),
        ],
    )
    def test_begins_and_ends_with_the_clinics_days(self, name, since, until):
        period = named_period(name, now=FRIDAY, zone=CHICAGO)

        assert (period.since, period.until) == (since, until)

    def test_is_none_for_another_word(self):
        assert named_period("never", now=FRIDAY, zone=CHICAGO) is None


class TestOneDay:
    def test_has_25_hours_when_the_clock_goes_back(self):
        day = one_day(date(2026, 11, 1), CHICAGO, "")

        assert (day.until - day.since).total_seconds() == 25 * 3600


class TestBetween:
    def test_includes_the_last_day_and_takes_either_order(self):
        first, last = date(2026, 11, 2), date(2026, 11, 3)

        period = between(last, first, zone=CHICAGO)

        assert (period.since, period.until) == (
            _utc(2026, 11, 2, 6),
            _utc(2026, 11, 4, 6),
        )

    def test_may_be_open(self):
        period = between(None, None, zone=CHICAGO)

        assert (period.since, period.until) == (None, None)


class TestReadDay:
    def test_is_none_for_what_is_no_day(self):
        assert read_day("2026-11-20") == date(2026, 11, 20)
        assert read_day("2026-02-30") is None
        assert read_day("") is None
