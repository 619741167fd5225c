from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.second_factor.tries import (
    HOUR,
    LOCK,
    LOCK_AFTER,
    MOST_AN_HOUR,
    STRANGERS_AN_HOUR,
    Tries,
)

NOW = datetime(2026, 11, 20, 15, 42, tzinfo=UTC)
GAPS = st.lists(st.integers(0, 2_000), min_size=20, max_size=120)
GOOD = st.sets(st.integers(0, 119))
KNOWN = st.sets(st.integers(0, 119))
GUESSES = 100_000


def _looked_at(gaps: list[int], good: set[int], known: set[int]) -> list[datetime]:
    """Return when a wrong code was looked at, of many tries with right ones between."""
    tries, at, looked = Tries(), NOW, []
    for number, gap in enumerate(gaps):
        at += timedelta(seconds=gap)
        is_known = number in known
        if tries.closed_until(at, is_known=is_known) is not None:
            continue
        if number in good:
            tries = tries.after_good()
        else:
            looked.append(at)
            tries = tries.after_bad(at, is_known=is_known)
    return looked


def _are_an_hour_apart(looked: list[datetime], most: int) -> bool:
    return all(
        later - first >= HOUR
        for first, later in zip(looked, looked[most:], strict=False)
    )


class TestTries:
    @given(GAPS, GOOD, KNOWN)
    def test_are_ten_in_any_hour_at_most_whatever_comes_between(
        self, gaps, good, known
    ):
        assert _are_an_hour_apart(_looked_at(gaps, good, known), MOST_AN_HOUR)

    @given(GAPS, GOOD)
    def test_of_strangers_are_seven_of_these(self, gaps, good):
        assert _are_an_hour_apart(_looked_at(gaps, good, set()), STRANGERS_AN_HOUR)

    @given(GAPS)
    def test_in_a_row_are_five_until_the_lock_has_passed(self, gaps):
        looked = _looked_at(gaps, set(), set())

        for number in range(LOCK_AFTER, len(looked), LOCK_AFTER):
            assert looked[number] - looked[number - 1] >= LOCK

    def test_are_open_again_at_the_end_of_the_lock(self):
        tries = Tries()
        for _ in range(LOCK_AFTER):
            tries = tries.after_bad(NOW, is_known=False)

        assert tries.closed_until(NOW, is_known=False) == NOW + LOCK
        assert tries.closed_until(NOW + LOCK, is_known=False) is None

    def test_of_strangers_leave_three_to_who_is_known(self):
        tries, at = Tries(), NOW
        while at < NOW + HOUR:
            tries = tries.after_bad(at, is_known=False)
            at = tries.closed_until(at, is_known=False) or at
        at = NOW + timedelta(minutes=59)

        looked = 0
        while tries.closed_until(at, is_known=True) is None:
            looked += 1
            tries = tries.after_bad(at, is_known=True)

        assert looked == MOST_AN_HOUR - STRANGERS_AN_HOUR

    def test_of_a_guesser_are_ten_an_hour_however_many_there_are(self):
        tries, at, looked, rights = Tries(), NOW, [], 0
        for number in range(GUESSES):
            at += timedelta(seconds=1)
            is_known = number % 3 == 0
            if number % 600 == 0:
                # The owner comes in beside it, by a passkey that no lock keeps out.
                tries, rights = tries.after_good(), rights + 1
            if tries.closed_until(at, is_known=is_known) is None:
                looked.append(at)
                tries = tries.after_bad(at, is_known=is_known)

        assert rights > 100
        assert _are_an_hour_apart(looked, MOST_AN_HOUR)
        assert len(looked) <= MOST_AN_HOUR * (GUESSES / HOUR.total_seconds() + 1)
        assert len(looked) > 200
