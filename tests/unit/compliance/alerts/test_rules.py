from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from compliance.alerts.rules import (
    BOUNDS,
    REFUSED_SIGN_IN,
    WATCHED,
    Line,
    Rule,
    Thresholds,
    least,
    rule_of,
    weight_of,
)

CHICAGO = ZoneInfo("America/Chicago")
USUAL = Thresholds()


def line(action: str, *, hour_utc: int = 18, count: int = 0, day: int = 20) -> Line:
    return Line(
        at=datetime(2026, 11, day, hour_utc, 30, tzinfo=UTC),
        action=action,
        actor_kind="user",
        actor_id=UUID(int=1),
        count=count,
    )


def rule(action: str, *, thresholds: Thresholds = USUAL, **fields: int) -> Rule | None:
    return rule_of(line(action, **fields), thresholds=thresholds, zone=CHICAGO)


class TestRuleOf:
    @pytest.mark.parametrize(
        ("action", "expected"),
        [
            ("compliance.access.exported", Rule.MASS_EXPORT),
            ("compliance.business_data.exported", Rule.MASS_EXPORT),
            ("compliance.business_data.sent", None),
            ("telephony.messages.read", Rule.MASS_EXPORT),
            ("telephony.calls.read", Rule.MASS_EXPORT),
            ("recordings.transcript.read", Rule.MASS_EXPORT),
            (REFUSED_SIGN_IN, Rule.FAILED_SIGN_INS),
            ("accounts.passkey.refused", Rule.FAILED_SIGN_INS),
            ("accounts.sso.refused", Rule.FAILED_SIGN_INS),
            ("accounts.api_key.refused", Rule.FAILED_SIGN_INS),
            ("accounts.thing.refused", Rule.NOT_THEIRS),
            ("accounts.sign_in.moved", Rule.NEW_PLACE),
            ("accounts.operator_session.started", Rule.OPERATOR_LOOK),
            ("compliance.record.differed", Rule.RECORD_CHANGED),
            ("telephony.today.viewed", None),
        ],
    )
    def test_knows_what_counts(self, action: str, expected: Rule | None):
        assert rule(action) is expected

    @pytest.mark.parametrize(
        ("hour_utc", "is_night"),
        # Chicago is six hours behind in November: 20:00 there is 2:00 UTC.
        [(1, False), (2, True), (11, True), (12, False), (18, False)],
    )
    def test_goes_by_the_clinics_own_night(self, hour_utc: int, is_night: bool):
        expected = Rule.NIGHT_REVEALS if is_night else None

        assert rule("telephony.caller.revealed", hour_utc=hour_utc) is expected

    def test_follows_the_clocks_when_they_change(self):
        summer = Line(
            at=datetime(2026, 7, 1, 1, 30, tzinfo=UTC),
            action="telephony.caller.revealed",
            actor_kind="user",
            actor_id=UUID(int=1),
        )

        # 20:30 in Chicago, five hours behind.
        found = rule_of(summer, thresholds=USUAL, zone=CHICAGO)

        assert found is Rule.NIGHT_REVEALS

    def test_knows_a_night_within_one_day_and_no_night_at_all(self):
        early = Thresholds(night_from_hour=1, night_until_hour=5)
        none = Thresholds(night_from_hour=5, night_until_hour=5)
        action = "telephony.caller.revealed"

        assert rule(action, thresholds=early, hour_utc=7) is Rule.NIGHT_REVEALS
        assert rule(action, thresholds=early, hour_utc=11) is None
        assert rule(action, thresholds=none, hour_utc=11) is None

    def test_leaves_out_what_a_clinic_does_not_want_told(self):
        quiet = Thresholds(tells_new_place=False, tells_operator_look=False)

        assert rule("accounts.sign_in.moved", thresholds=quiet) is None
        assert rule("accounts.operator_session.started", thresholds=quiet) is None


class TestWeight:
    def test_is_the_rows_that_were_taken_along(self):
        assert weight_of(line("compliance.access.exported", count=700)) == 700
        assert weight_of(line("scheduling.appointments.read")) == 0
        assert weight_of(line("telephony.calls.read", count=100)) == 100

    def test_is_the_things_that_are_not_as_sealed(self):
        assert weight_of(line("compliance.record.differed", count=3)) == 3

    def test_is_one_of_everything_else(self):
        assert weight_of(line("recordings.transcript.read", count=40)) == 1
        assert weight_of(line("telephony.caller.revealed")) == 1


class TestThresholds:
    def test_lie_within_their_bounds(self):
        usual = {name: getattr(USUAL, name) for name in BOUNDS}

        assert all(low <= usual[name] <= high for name, (low, high) in BOUNDS.items())

    def test_are_one_where_a_single_time_is_told(self):
        assert [least(one, USUAL) for one in Rule] == [1000, 3, 15, 5, 1, 1, 1]

    def test_are_asked_of_every_watched_action(self):
        assert [one for one in WATCHED if rule(one, hour_utc=4) is None] == []
