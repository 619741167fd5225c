from recordings.latency import draw_latency
from telephony.models import Turn


def _turn(number: int, answered_ms: int | None) -> Turn:
    return Turn(number=number, quiet_ms=1000, decided_ms=1500, answered_ms=answered_ms)


class TestDrawLatency:
    def test_is_nothing_without_an_answer(self):
        assert draw_latency([]) is None
        assert draw_latency([_turn(1, None)]) is None

    def test_says_the_median_and_the_slowest(self):
        chart = draw_latency([_turn(1, 1600), _turn(2, 1800), _turn(3, 2500)])

        assert (chart.middle, chart.slowest) == ("0.80", "1.50")
        assert not chart.is_within
        assert [bar.is_slow for bar in chart.bars] == [False, False, True]

    def test_splits_a_turn_into_the_pause_and_our_share(self):
        (bar,) = draw_latency([_turn(1, 1600)]).bars

        assert (bar.waited, bar.thought, bar.whole) == ("0.50", "0.10", "0.60")
        assert bar.height == 32
        assert bar.y == 78 - 32
