"""Whatever the calls were, nothing of fewer than eleven can be worked out."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.models import Call
from telephony.statistics.coarsen import FEWEST, publish, publish_days
from telephony.statistics.measures import (
    WAYS,
    Measure,
    ending_class,
    length_class,
    outcome_class,
)

CLASSES = {measure: tuple(ways[0]) for measure, ways in WAYS.items()}
COUNTS = st.one_of(st.integers(0, 12), st.integers(0, 60))
MONDAY = date(2026, 11, 16)


@st.composite
def counted(draw):
    """Return a measure and how many calls each of its classes has."""
    measure = draw(st.sampled_from(list(Measure)))
    return measure, {one: draw(COUNTS) for one in CLASSES[measure]}


def _others(counts: Mapping[str, int], name: str):
    """Yield counts with the same sum in which this class has one more or fewer."""
    for other, step in product(counts, (-1, 1)):
        if other != name and counts[name] + step >= 0 and counts[other] - step >= 0:
            yield counts | {name: counts[name] + step, other: counts[other] - step}


class TestPublish:
    @given(counted())
    def test_shows_no_small_count_and_leaves_none_to_subtract(self, given_counts):
        measure, counts = given_counts

        shown = publish(counts, WAYS[measure])

        assert all(count >= FEWEST for count in shown.values())
        assert not shown or sum(counts.values()) - sum(shown.values()) == 0

    @given(counted())
    def test_fits_other_small_counts_just_as_well(self, given_counts):
        """Who knows how it is made cannot tell a small count from the one beside it."""
        measure, counts = given_counts
        if sum(counts.values()) < FEWEST:
            return
        shown = publish(counts, WAYS[measure])

        for name, count in counts.items():
            if 0 < count < FEWEST:
                assert any(
                    publish(others, WAYS[measure]) == shown
                    for others in _others(counts, name)
                )

    def test_takes_the_finest_way_that_fits(self):
        counts = {"night": 3, "morning": 40, "afternoon": 30, "evening": 9}

        assert publish(counts, WAYS[Measure.HOURS]) == {
            "morning": 40,
            "afternoon": 30,
            "off_hours": 12,
        }

    def test_says_nothing_where_no_way_fits(self):
        counts = {"night": 3, "morning": 40, "afternoon": 3, "evening": 3}

        assert publish(counts, WAYS[Measure.HOURS]) == {}


class TestPublishDays:
    @given(st.lists(COUNTS, min_size=7, max_size=7))
    def test_shows_all_days_or_none(self, found):
        counts = {MONDAY + timedelta(days=n): count for n, count in enumerate(found)}

        shown = publish_days(counts)

        assert all(count >= FEWEST for count in shown.values())
        assert not shown or sum(shown.values()) == sum(found)


class TestWays:
    @pytest.mark.parametrize("measure", Measure)
    def test_hold_every_class_once(self, measure):
        for way in WAYS[measure]:
            classes = [one for group in way.values() for one in group]

            assert sorted(classes) == sorted(CLASSES[measure])


class TestClasses:
    @pytest.mark.parametrize("outcome", Call.Outcome.values)
    def test_know_every_outcome(self, outcome):
        for is_answered in (True, False):
            found = outcome_class(outcome, is_answered=is_answered)

            assert found in CLASSES[Measure.OUTCOME]

    @pytest.mark.parametrize("reason", ["", *Call.EndReason.values])
    def test_know_every_ending(self, reason):
        assert ending_class(reason) in CLASSES[Measure.ENDING]

    def test_end_a_minute_before_its_last_second(self):
        at = datetime(2026, 11, 20, 12, tzinfo=UTC)
        lengths = {
            seconds: length_class(at, at + timedelta(seconds=seconds))
            for seconds in (0, 59, 60, 299, 300)
        }

        assert lengths == {
            0: "short",
            59: "short",
            60: "middle",
            299: "middle",
            300: "long",
        }
        assert length_class(None, at) == "unanswered"
