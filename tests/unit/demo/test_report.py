from datetime import UTC, datetime

from sondervoice.demo.report import clock_time


class TestClockTime:
    def test_is_read_with_its_day_and_zone(self):
        at = datetime(2026, 11, 20, 15, 42, 7, 539829, tzinfo=UTC)

        assert clock_time(at) == "Fri 20 Nov 2026, 09:42:07 CST"

    def test_says_nothing_of_what_did_not_happen(self):
        assert clock_time(None) == ""
