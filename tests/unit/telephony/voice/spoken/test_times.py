from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.voice.dialogue import Wish
from telephony.voice.spoken.saying import say_time
from telephony.voice.spoken.times import read_times
from telephony.voice.spoken.wishes import read_wish

FRIDAY = date(2026, 11, 20)
TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("language", "said", "hour", "minute"),
    [
        ("en", "half past ten", 10, 30),
        ("en", "ten thirty", 10, 30),
        ("en", "around ten o'clock", 10, 0),
        ("en", "at two", 14, 0),
        ("en", "half past two", 14, 30),
        ("en", "a quarter to five", 16, 45),
        ("en", "eleven forty five", 11, 45),
        ("en", "ten oh five", 10, 5),
        ("en", "noon", 12, 0),
        ("en", "twelve thirty", 12, 30),
        ("en", "eight a_ m_", 8, 0),
        ("en", "six thirty in the evening", 18, 30),
        ("en", "ten o'clock p m", 22, 0),
        ("en", "10:30", 10, 30),
        ("de", "halb elf", 10, 30),
        ("de", "um vierzehn Uhr dreißig", 14, 30),
        ("de", "Viertel nach zehn", 10, 15),
        ("de", "um drei Uhr", 15, 0),
        ("de", "gegen neun", 9, 0),
        ("fr", "dix heures et demie", 10, 30),
        ("fr", "quatorze heures trente", 14, 30),
        ("fr", "onze heures moins le quart", 10, 45),
        ("fr", "midi", 12, 0),
    ],
)
def test_a_time_is_read(language, said, hour, minute):
    assert [one.minute for one in read_times(said, language)] == [hour * 60 + minute]


@pytest.mark.parametrize(
    "said", ["", "one moment", "my number is three one two", "two of us"]
)
def test_no_time_is_read_where_none_is(said):
    assert read_times(said, "en") == []


class TestAnyTime:
    @given(st.integers(7, 21), st.integers(0, 59), st.sampled_from(["en", "de", "fr"]))
    def test_read_back_is_the_time_that_was_said(self, hour, minute, language):
        said = say_time(time(hour, minute), language)
        assert [one.minute for one in read_times(said, language)][:1] == [
            hour * 60 + minute
        ]

    @given(st.integers(0, 23), st.integers(0, 59), st.sampled_from(["en", "de", "fr"]))
    def test_every_time_can_be_said(self, hour, minute, language):
        assert say_time(time(hour, minute), language)


@pytest.mark.parametrize(
    ("language", "said", "expected"),
    [
        (
            "en",
            "Next Tuesday morning, if you have anything around ten o'clock.",
            Wish(on=TUESDAY, from_hour=6, until_hour=12, near=600),
        ),
        (
            "en",
            "tomorrow afternoon",
            Wish(on=date(2026, 11, 21), from_hour=12, until_hour=18),
        ),
        ("en", "after three", Wish(from_hour=15)),
        ("en", "tuesday before eleven", Wish(on=TUESDAY, until_hour=11)),
        ("en", "as soon as possible", Wish()),
        ("en", "good morning", None),
        (
            "en",
            "good morning tomorrow afternoon",
            Wish(on=date(2026, 11, 21), from_hour=12, until_hour=18),
        ),
        ("en", "hello there", None),
        ("de", "Guten Morgen", None),
        (
            "de",
            "am Dienstag vormittags um zehn Uhr",
            Wish(on=TUESDAY, from_hour=6, until_hour=12, near=600),
        ),
        ("de", "egal", Wish()),
        ("fr", "mardi après-midi", Wish(on=TUESDAY, from_hour=12, until_hour=18)),
        ("fr", "bonne journée", None),
    ],
)
def test_a_wish_is_read_from_a_friday_in_november(language, said, expected):
    assert read_wish(said, language, today=FRIDAY) == expected
