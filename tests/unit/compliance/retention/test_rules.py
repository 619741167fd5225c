from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from compliance.retention.rules import (
    KeepDays,
    ended_before,
    erase_after,
    refusals,
    shortened,
    shorter,
    within_presets,
)
from sondervoice.kernel.personal_data import DATA_CLASSES, DataClass


class TestEraseAfter:
    @pytest.mark.parametrize("hour", [0, 12, 23])
    def test_counts_whole_days_after_the_day_of_the_call(self, hour):
        ended_at = datetime(2026, 3, 1, hour, 59, tzinfo=UTC)

        assert erase_after(ended_at=ended_at, keep_days=30) == datetime(
            2026, 4, 1, tzinfo=UTC
        )

    def test_keeps_nothing_past_the_next_midnight_for_no_days(self):
        ended_at = datetime(2026, 3, 1, 9, tzinfo=UTC)

        assert erase_after(ended_at=ended_at, keep_days=0) == datetime(
            2026, 3, 2, tzinfo=UTC
        )

    @pytest.mark.parametrize(
        ("zone", "day"),
        [
            ("America/Chicago", (2026, 3, 8)),
            ("Europe/Berlin", (2026, 3, 29)),
            ("Australia/Lord_Howe", (2026, 4, 5)),
        ],
    )
    def test_is_midnight_utc_though_a_clock_changes_meanwhile(self, zone, day):
        ended_at = datetime(*day, 1, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC)

        due = erase_after(ended_at=ended_at, keep_days=7)

        assert (due.hour, due.minute) == (0, 0)
        assert due.date() - ended_at.date() == timedelta(days=8)


class TestEndedBefore:
    @pytest.mark.parametrize("days", [7, 30, 2555])
    def test_is_the_same_border_from_the_other_side(self, days):
        before = datetime(2026, 11, 26, 3, tzinfo=UTC)
        cutoff = ended_before(before=before, keep_days=days)
        last = cutoff - timedelta(microseconds=1)

        assert erase_after(ended_at=last, keep_days=days) <= before
        assert erase_after(ended_at=cutoff, keep_days=days) > before


class TestKeepDays:
    def test_reads_what_older_calls_have_frozen(self):
        assert KeepDays.frozen_in({"keep_days": 90}) == KeepDays(
            audio=90, transcript=90, fields=90, metadata=90
        )

    def test_reads_four_clocks(self):
        kept = {"audio": 30, "transcript": 30, "fields": 90, "metadata": 365}

        assert KeepDays.frozen_in({"keep_days": kept}) == KeepDays(**kept)

    def test_is_never_stretched(self):
        one, other = KeepDays(audio=30, fields=365), KeepDays(audio=90, fields=90)

        assert shorter(one, other) == KeepDays(audio=30, fields=90)

    def test_says_what_gets_shorter(self):
        after = KeepDays(audio=30, transcript=30, fields=365)

        assert shortened(KeepDays(), after) == (DataClass.AUDIO, DataClass.TRANSCRIPT)


def _all(days: int) -> KeepDays:
    return KeepDays(**dict.fromkeys(DATA_CLASSES, days))


class TestRefusals:
    @pytest.mark.parametrize("days", [7, 31, 180, 2555])
    def test_lets_any_number_within_the_range(self, days):
        wrong = refusals(_all(days), any_number=True, transcript_outlives=False)

        assert wrong == {}

    @pytest.mark.parametrize("days", [-1, 0, 6, 2556])
    @pytest.mark.parametrize("any_number", [True, False])
    def test_refuses_what_lies_outside(self, days, any_number):
        wrong = refusals(_all(days), any_number=any_number, transcript_outlives=True)

        assert wrong == dict.fromkeys(DATA_CLASSES, "out_of_range")

    @pytest.mark.parametrize("days", [30, 90, 180, 365])
    def test_lets_every_plan_have_the_presets(self, days):
        wrong = refusals(_all(days), any_number=False, transcript_outlives=False)

        assert wrong == {}

    @pytest.mark.parametrize("days", [7, 31, 366, 2555])
    def test_keeps_the_simple_plan_to_the_presets(self, days):
        wrong = refusals(_all(days), any_number=False, transcript_outlives=False)

        assert wrong == dict.fromkeys(DATA_CLASSES, "not_a_preset")

    @pytest.mark.parametrize(
        ("days", "kept"),
        [(7, 7), (29, 29), (30, 30), (89, 30), (364, 180), (365, 365), (2555, 365)],
    )
    def test_of_a_smaller_plan_bring_each_kind_to_the_next_preset_below(
        self, days, kept
    ):
        assert within_presets(_all(days)) == _all(kept)

    def test_keeps_words_no_longer_than_sound_unless_that_is_chosen(self):
        days = KeepDays(audio=30, transcript=90)

        assert refusals(days, any_number=False, transcript_outlives=False) == {
            DataClass.TRANSCRIPT: "longer_than_recording"
        }
        assert refusals(days, any_number=False, transcript_outlives=True) == {}

    @pytest.mark.parametrize("longest", ["audio", "transcript", "fields"])
    def test_keeps_the_number_as_long_as_what_it_finds(self, longest):
        days = {**dict.fromkeys(DATA_CLASSES, 90), longest: 180}

        wrong = refusals(KeepDays(**days), any_number=True, transcript_outlives=True)
        days["metadata"] = 180
        right = refusals(KeepDays(**days), any_number=True, transcript_outlives=True)

        assert (wrong, right) == ({DataClass.METADATA: "shorter_than_the_rest"}, {})
