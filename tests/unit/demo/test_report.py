from datetime import UTC, datetime

import pytest

from sondervoice.demo.report import capture_words, clock_time


class TestClockTime:
    def test_is_read_with_its_day_and_zone(self):
        at = datetime(2026, 11, 20, 15, 42, 7, 539829, tzinfo=UTC)

        assert clock_time(at) == "Fri 20 Nov 2026, 09:42:07 CST"

    def test_says_nothing_of_what_did_not_happen(self):
        assert clock_time(None) == ""


class TestCaptureWords:
    @pytest.mark.parametrize(
        ("sound", "words", "kept"),
        [
            (True, True, "sound and words are kept"),
            (False, True, "words alone are kept"),
            (True, False, "sound alone is kept"),
            (False, False, "nothing is kept"),
        ],
    )
    def test_says_what_may_be_kept_and_under_which_rules(self, sound, words, kept):
        capture = {
            "recording": sound, "transcription": words, "policy_version": "3c1d",
        }  # fmt: skip

        assert capture_words(capture) == f"{kept}, rules 3c1d"
