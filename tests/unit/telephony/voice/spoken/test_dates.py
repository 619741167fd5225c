from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.voice.spoken.dates import read_date
from telephony.voice.spoken.saying import say_date

FRIDAY = date(2026, 11, 20)
days = st.dates(date(2026, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("language", "said", "expected"),
    [
        ("en", "today", date(2026, 11, 20)),
        ("en", "tomorrow at half past two", date(2026, 11, 21)),
        ("en", "the day after tomorrow", date(2026, 11, 22)),
        ("en", "next tuesday morning around ten o'clock", date(2026, 11, 24)),
        ("en", "on friday", date(2026, 11, 27)),
        ("en", "saturday please", date(2026, 11, 21)),
        ("en", "next saturday", date(2026, 11, 28)),
        ("en", "tuesday next week", date(2026, 11, 24)),
        ("en", "next week", date(2026, 11, 23)),
        ("en", "the twenty fourth", date(2026, 11, 24)),
        ("en", "the third", date(2026, 12, 3)),
        ("en", "november twenty fourth", date(2026, 11, 24)),
        ("en", "the second of december", date(2026, 12, 2)),
        ("en", "december twenty four", date(2026, 12, 24)),
        ("en", "january first", date(2027, 1, 1)),
        ("en", "in two weeks", date(2026, 12, 4)),
        ("en", "in three days", date(2026, 11, 23)),
        ("de", "morgen um vierzehn Uhr dreißig", date(2026, 11, 21)),
        ("de", "übermorgen", date(2026, 11, 22)),
        ("de", "nächsten Dienstag", date(2026, 11, 24)),
        ("de", "am vierundzwanzigsten", date(2026, 11, 24)),
        ("de", "am dritten Dezember", date(2026, 12, 3)),
        ("de", "heute morgen", date(2026, 11, 20)),
        ("de", "in zwei Wochen", date(2026, 12, 4)),
        ("fr", "demain matin", date(2026, 11, 21)),
        ("fr", "après-demain", date(2026, 11, 22)),
        ("fr", "mardi prochain", date(2026, 11, 24)),
        ("fr", "le vingt-quatre", date(2026, 11, 24)),
        ("fr", "le premier décembre", date(2026, 12, 1)),
        ("fr", "dans trois jours", date(2026, 11, 23)),
        ("en", "half past ten is perfect", None),
        ("en", "just a second please", None),
        ("en", "the first available", None),
        ("en", "may i come at ten", None),
        ("en", "february thirtieth", None),
        ("en", "", None),
    ],
)
def test_a_day_is_read_from_a_friday_in_november(language, said, expected):
    assert read_date(said, language, today=FRIDAY) == expected


class TestAnyDay:
    @given(days)
    def test_tomorrow_is_one_day_on(self, today):
        assert read_date("tomorrow", "en", today=today) == today + timedelta(days=1)
        assert read_date("morgen", "de", today=today) == today + timedelta(days=1)
        assert read_date("demain", "fr", today=today) == today + timedelta(days=1)

    @given(days, st.integers(0, 6))
    def test_a_weekday_is_within_a_week_and_never_today(self, today, weekday):
        names = [
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ]
        found = read_date(f"on {names[weekday]}", "en", today=today)
        assert found is not None
        assert found.weekday() == weekday
        assert 1 <= (found - today).days <= 7

    @given(days, st.integers(0, 300), st.sampled_from(["en", "de", "fr"]))
    def test_read_back_is_the_day_that_was_said(self, today, ahead, language):
        day = today + timedelta(days=ahead)
        assert read_date(say_date(day, language), language, today=today) == day

    @given(days, st.text(max_size=40))
    def test_no_words_lead_to_the_past(self, today, said):
        found = read_date(said, "en", today=today)
        assert found is None or found >= today
