from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.closing.closing_dates import ClosingDates, closing_dates

INSTANTS = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 -- the zone follows
    max_value=datetime(2060, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
ASKED = datetime(2026, 11, 26, 15, 42, 7, tzinfo=UTC)


def _dates(asked_at: datetime, *, stops_at_once: bool = False) -> ClosingDates:
    return closing_dates(asked_at, stops_at_once=stops_at_once, record_keep_days=2_557)


class TestClosingDates:
    def test_are_these_for_one_afternoon(self):
        dates = _dates(ASKED)

        assert {
            name: getattr(dates, name).date().isoformat()
            for name in dates.__dataclass_fields__
        } == {
            "asked_at": "2026-11-26",
            "calls_stop_at": "2026-12-04",
            "reminder_at": "2026-12-01",
            "grace_ends_at": "2026-12-04",
            "personal_gone_by": "2026-12-26",
            "personal_backups_by": "2027-03-26",
            "billing_kept_until": "2027-03-04",
            "billing_gone_by": "2027-04-03",
            "billing_backups_by": "2027-07-02",
            "record_until": "2034-04-03",
        }

    def test_give_seven_days_exactly_to_who_asks_at_midnight(self):
        asked_at = datetime(2026, 11, 26, tzinfo=UTC)

        dates = _dates(asked_at)

        assert dates.grace_ends_at == datetime(2026, 12, 3, tzinfo=UTC)
        assert dates.personal_gone_by == datetime(2026, 12, 26, tzinfo=UTC)

    def test_stop_calls_at_once_where_that_is_wanted_and_nothing_else(self):
        at_once, later = _dates(ASKED, stops_at_once=True), _dates(ASKED)

        assert at_once.calls_stop_at == ASKED
        assert later.calls_stop_at == later.grace_ends_at
        assert [
            name
            for name in later.__dataclass_fields__
            if getattr(at_once, name) != getattr(later, name)
        ] == ["calls_stop_at"]

    @given(INSTANTS)
    def test_give_at_least_seven_days_and_less_than_eight(self, asked_at):
        grace = _dates(asked_at).grace_ends_at - asked_at

        assert timedelta(days=7) <= grace < timedelta(days=8)

    @given(INSTANTS)
    def test_keep_the_thirty_days_of_the_law_and_leave_time_to_erase(self, asked_at):
        dates = _dates(asked_at)

        assert dates.personal_gone_by - asked_at <= timedelta(days=30)
        assert dates.personal_gone_by - dates.grace_ends_at >= timedelta(days=21)

    @given(INSTANTS)
    def test_are_midnights_in_their_order(self, asked_at):
        dates = _dates(asked_at)
        in_order = [
            dates.asked_at,
            dates.reminder_at,
            dates.grace_ends_at,
            dates.personal_gone_by,
            dates.billing_kept_until,
            dates.personal_backups_by,
            dates.billing_gone_by,
            dates.billing_backups_by,
            dates.record_until,
        ]

        assert in_order == sorted(in_order)
        assert {
            (one.hour, one.minute, one.second, one.microsecond) for one in in_order[1:]
        } == {(0, 0, 0, 0)}

    @given(INSTANTS)
    def test_follow_each_other_as_the_controls_say(self, asked_at):
        dates, day = _dates(asked_at), timedelta(days=1)

        assert dates.billing_kept_until - dates.grace_ends_at == 90 * day
        assert dates.billing_gone_by - dates.billing_kept_until == 30 * day
        assert dates.billing_backups_by - dates.billing_gone_by == 90 * day
        assert dates.personal_backups_by - dates.personal_gone_by == 90 * day
        assert dates.grace_ends_at - dates.reminder_at == 3 * day

    @pytest.mark.parametrize(
        "zone",
        ["America/Chicago", "Europe/Berlin", "Pacific/Auckland", "Asia/Kathmandu"],
    )
    @given(asked_at=INSTANTS)
    def test_are_the_same_instants_by_any_clock_and_over_any_dst_day(
        self, zone, asked_at
    ):
        by_clock = _dates(asked_at.astimezone(ZoneInfo(zone)).astimezone(UTC))

        assert astuple(by_clock) == astuple(_dates(asked_at))

    def test_do_not_move_over_a_dst_day(self):
        # Chicago sets its clocks back on 1 November 2026.
        dates = _dates(datetime(2026, 10, 28, 4, 30, tzinfo=UTC))

        chicago = dates.grace_ends_at.astimezone(ZoneInfo("America/Chicago"))
        assert chicago.isoformat() == "2026-11-04T18:00:00-06:00"
