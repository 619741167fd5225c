from datetime import date, datetime
from zoneinfo import ZoneInfo

from sondervoice.demo.diary import is_taken, places

CHICAGO = ZoneInfo("America/Chicago")
FRIDAY = date(2026, 11, 20)


class TestPlaces:
    def test_begin_tomorrow_and_leave_out_the_weekends(self):
        found = list(places(today=FRIDAY, zone=CHICAGO))

        assert found[0] == datetime(2026, 11, 23, 9, 0, tzinfo=CHICAGO)
        assert found[-1] == datetime(2027, 1, 1, 16, 30, tzinfo=CHICAGO)
        assert len(found) == 30 * 16
        assert {start.weekday() for start in found} == {0, 1, 2, 3, 4}


class TestIsTaken:
    def test_leaves_most_places_free(self):
        found = list(places(today=FRIDAY, zone=CHICAGO))
        taken = sum(is_taken(start, practitioner_number=0) for start in found)

        assert 60 <= taken <= 120

    def test_keeps_half_past_ten_on_tuesdays_free(self):
        for number in (0, 1):
            ten = datetime(2026, 11, 24, 10, 0, tzinfo=CHICAGO)
            assert is_taken(ten, practitioner_number=number)
            assert not is_taken(ten.replace(minute=30), practitioner_number=number)
