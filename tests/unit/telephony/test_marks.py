from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from telephony.marks import clock, consent_badge, outcome_badge, recording_badge
from telephony.models import Call

NOW = datetime(2026, 11, 20, 15, 42, tzinfo=UTC)


@dataclass
class Kept:
    status: str
    erase_after: datetime = NOW + timedelta(days=180, hours=1)


def _call(**fields: object) -> Call:
    values = {
        "status": "ended",
        "answered_at": NOW - timedelta(minutes=9),
        "ended_at": NOW - timedelta(minutes=5),
        "disclosure_heard_at": NOW - timedelta(minutes=8),
        "capture": {"recording": True, "mode": "all_party_notice"},
    }
    return Call(**(values | fields))


class TestOutcomeBadge:
    @pytest.mark.parametrize(
        ("fields", "word"),
        [
            ({"outcome": "booked"}, "Booked"),
            ({"outcome": "transferred"}, "Put through"),
            ({"outcome": "info"}, "Answered"),
            ({"outcome": "none"}, "Hung up"),
            ({"outcome": "none", "answered_at": None}, "Missed"),
            ({"outcome": "none", "end_reason": "line_lost"}, "Line lost"),
            ({"outcome": "booked", "status": "live"}, "Live"),
            ({"outcome": "emergency", "status": "live"}, "Emergency"),
            ({"outcome": "none", "status": "ringing"}, "Ringing"),
        ],
    )
    def test_says_what_came_of_the_call(self, fields, word):
        assert outcome_badge(_call(**fields)).word == word


class TestConsentBadge:
    @pytest.mark.parametrize(
        ("fields", "word"),
        [
            ({"consent_answer": True}, "Agreed"),
            ({"consent_answer": False}, "Refused"),
            ({"consent_asked_at": NOW, "status": "live"}, "Asking"),
            ({"consent_asked_at": NOW}, "No answer"),
            ({}, "Told"),
            ({"disclosure_heard_at": None}, "Not asked"),
        ],
    )
    def test_says_what_was_told_asked_and_answered(self, fields, word):
        assert consent_badge(_call(**fields)).word == word


class TestRecordingBadge:
    @pytest.mark.parametrize(
        ("fields", "kept", "word"),
        [
            ({}, Kept("stored"), "Kept, due in 180 days"),
            ({}, Kept("stored", NOW + timedelta(days=5.5)), "Kept, due in 5 days"),
            ({}, Kept("stored", NOW + timedelta(days=1.5)), "Kept, due in 1 day"),
            ({}, Kept("stored", NOW + timedelta(hours=1)), "Kept, due"),
            ({}, Kept("stored", NOW - timedelta(days=3)), "Kept, due"),
            ({}, Kept("erased"), "Erased"),
            ({}, Kept("empty"), "Not recorded"),
            ({}, None, "Not recorded"),
            ({"ended_at": NOW - timedelta(seconds=5)}, None, "Being stored"),
            ({"status": "live", "ended_at": None}, None, "Recording"),
            ({"status": "live", "consent_asked_at": NOW}, None, "Waits for yes"),
            ({"status": "live", "consent_answer": False}, None, "Not recorded"),
            ({"status": "live", "capture": {}}, None, "Not recorded"),
        ],
    )
    def test_says_what_is_kept_of_the_sound(self, fields, kept, word):
        assert recording_badge(_call(**fields), kept, now=NOW).word == word


class TestClock:
    def test_counts_minutes_and_from_an_hour_on_hours(self):
        assert [clock(s) for s in (5, 192, 3792)] == ["0:05", "3:12", "1:03:12"]
