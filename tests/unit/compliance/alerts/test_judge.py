from datetime import UTC, datetime, timedelta

from compliance.alerts.judge import Finding, Told, judge
from compliance.alerts.rules import Event

START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def events(*minutes: float, weight: int = 1) -> list[Event]:
    return [Event(at(one), weight) for one in minutes]


def found(first: float, last: float, count: int, *, goes_on: bool = False) -> Finding:
    return Finding(first_at=at(first), last_at=at(last), count=count, goes_on=goes_on)


def told(first: float, last: float, count: int, *, is_open: bool = True) -> Told:
    return Told(first_at=at(first), last_at=at(last), count=count, is_open=is_open)


class TestJudge:
    def test_says_nothing_below_the_threshold(self):
        assert list(judge(events(0, 1), least=3, told=None)) == []

    def test_tells_from_the_threshold_on(self):
        assert list(judge(events(9, 0, 1), least=3, told=None)) == [found(0, 9, 3)]

    def test_counts_what_lies_within_one_hour(self):
        assert list(judge(events(0, 30, 60), least=3, told=None)) == [found(0, 60, 3)]
        assert list(judge(events(0, 30, 60.1), least=3, told=None)) == []

    def test_begins_where_the_hour_begins_that_holds_enough(self):
        seldom_then_often = events(0, 50, 100, 101, 102)

        assert list(judge(seldom_then_often, least=3, told=None)) == [found(50, 102, 4)]

    def test_counts_each_as_so_many(self):
        assert list(judge(events(0, 1, weight=600), least=1000, told=None)) == [
            found(0, 1, 1200)
        ]

    def test_tells_apart_what_a_quiet_hour_parts(self):
        both = events(0, 1, 2, 200, 201, 202)

        assert list(judge(both, least=3, told=None)) == [
            found(0, 2, 3),
            found(200, 202, 3),
        ]

    def test_tells_nothing_twice(self):
        before = told(0, 2, 3)

        assert list(judge(events(0, 1, 2), least=3, told=before)) == []

    def test_lets_an_open_alert_grow(self):
        before = told(0, 2, 3)

        assert list(judge(events(0, 1, 2, 30, 31), least=3, told=before)) == [
            found(0, 31, 5, goes_on=True)
        ]

    def test_lets_none_grow_after_a_quiet_hour(self):
        before = told(0, 2, 3)

        assert list(judge(events(63, 64), least=3, told=before)) == []
        assert list(judge(events(63, 64, 65), least=3, told=before)) == [
            found(63, 65, 3)
        ]

    def test_counts_anew_after_somebody_has_looked(self):
        before = told(0, 2, 3, is_open=False)

        assert list(judge(events(1, 2, 3, 4), least=3, told=before)) == []
        assert list(judge(events(1, 2, 3, 4, 5), least=3, told=before)) == [
            found(3, 5, 3)
        ]
