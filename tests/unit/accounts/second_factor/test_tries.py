from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.second_factor.tries import (
    HOUR,
    LOCK,
    LOCK_AFTER,
    MOST_AN_HOUR,
    Tries,
)

NOW = datetime(2026, 11, 20, 15, 42, tzinfo=UTC)
GAPS = st.lists(st.integers(0, 2_000), min_size=20, max_size=120)
GOOD = st.sets(st.integers(0, 119))


def _looked_at(gaps: list[int], good: set[int]) -> list[datetime]:
    """Return when a wrong code was looked at, of many tries with right ones between."""
    tries, at, looked = Tries(), NOW, []
    for number, gap in enumerate(gaps):
        at += timedelta(seconds=gap)
        if tries.is_locked(at):
            continue
        if number in good:
            tries = tries.after_good()
        else:
            looked.append(at)
            tries = tries.after_bad(at)
    return looked


class TestTries:
    @given(GAPS, GOOD)
    def test_are_ten_in_any_hour_at_most_whatever_comes_between(self, gaps, good):
        looked = _looked_at(gaps, good)

        for first, later in zip(looked, looked[MOST_AN_HOUR:], strict=False):
            assert later - first >= HOUR

    @given(GAPS)
    def test_in_a_row_are_five_until_the_lock_has_passed(self, gaps):
        looked = _looked_at(gaps, set())

        for number in range(LOCK_AFTER, len(looked), LOCK_AFTER):
            assert looked[number] - looked[number - 1] >= LOCK

    def test_are_open_again_at_the_end_of_the_lock(self):
        tries = Tries()
        for _ in range(LOCK_AFTER):
            tries = tries.after_bad(NOW)

        assert tries.is_locked(NOW + LOCK - timedelta(microseconds=1))
        assert not tries.is_locked(NOW + LOCK)
