from datetime import timedelta

import pytest
from django.utils.timezone import override

from telephony.templatetags.times import ago
from tests.cast import CHICAGO, NOW


class TestAgo:
    @pytest.mark.parametrize(
        ("before", "words"),
        [
            ({"seconds": 59}, "0 min"),
            ({"minutes": 50}, "50 min"),
            ({"minutes": 119}, "119 min"),
            ({"minutes": 120}, "2 h"),
            ({"hours": 9, "minutes": 40}, "9 h"),
            # It is 09:42 in Chicago.
            ({"hours": 9, "minutes": 43}, "19 Nov"),
            ({"days": 3}, "17 Nov"),
        ],
    )
    def test_counts_within_the_clinics_day(self, before: dict, words: str):
        with override(CHICAGO):
            assert ago(NOW - timedelta(**before), NOW) == words

    def test_of_a_clock_that_is_ahead_is_now(self):
        with override(CHICAGO):
            assert ago(NOW + timedelta(seconds=3), NOW) == "0 min"
