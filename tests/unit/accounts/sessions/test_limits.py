from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.sessions.limits import Standing, why_over

BEGAN = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SESSION = Standing(
    id=UUID(int=1),
    user_id=UUID(int=2),
    key_sha256=b"",
    epoch=3,
    user_epoch=3,
    started_at=BEGAN,
    last_seen_at=BEGAN,
    ended_at=None,
    end_reason="",
    idle_minutes=None,
    session_hours=None,
    is_strict=False,
)
minutes = st.none() | st.integers(1, 60)
hours = st.none() | st.integers(1, 12)


class TestWhyOver:
    @pytest.mark.parametrize(
        ("chosen", "is_strict", "allowed"),
        [
            (None, False, 60),
            (None, True, 15),
            (60, True, 15),
            (5, True, 5),
            (20, False, 20),
        ],
    )
    def test_counts_the_stricter_of_the_clinic_and_the_rule(
        self, chosen: int | None, is_strict: bool, allowed: int
    ):
        session = replace(SESSION, idle_minutes=chosen, is_strict=is_strict)
        end = BEGAN + timedelta(minutes=allowed)

        assert why_over(session, now=end - timedelta(seconds=1)) is None
        assert why_over(session, now=end) == "idle"

    def test_says_what_came_first(self):
        busy = replace(SESSION, last_seen_at=BEGAN + timedelta(hours=11, minutes=30))
        quiet = replace(SESSION, last_seen_at=BEGAN + timedelta(hours=10))
        next_day = BEGAN + timedelta(hours=20)

        assert why_over(busy, now=next_day) == "too_old"
        assert why_over(quiet, now=next_day) == "idle"

    def test_keeps_the_reason_that_was_written(self):
        ended = replace(SESSION, ended_at=BEGAN, end_reason="superseded", epoch=1)

        assert why_over(ended, now=BEGAN + timedelta(days=9)) == "superseded"

    def test_sees_that_the_persons_number_went_on(self):
        assert why_over(replace(SESSION, user_epoch=4), now=BEGAN) == "changed"

    @given(minutes, hours, st.booleans(), st.integers(0, 86_400))
    def test_never_lets_a_session_stand_beyond_the_rule(
        self, idle: int | None, longest: int | None, is_strict: bool, seconds: int
    ):
        session = replace(
            SESSION, idle_minutes=idle, session_hours=longest, is_strict=is_strict
        )
        quiet = timedelta(seconds=seconds)

        stands = why_over(session, now=BEGAN + quiet) is None

        most = min(idle or 60, 15 if is_strict else 60)
        assert stands == (
            quiet < min(timedelta(minutes=most), timedelta(hours=longest or 12))
        )


class TestMustNote:
    @given(st.integers(1, 60), st.integers(0, 3600))
    def test_never_lets_the_clock_of_a_busy_person_run_behind_by_a_tenth(
        self, idle: int, seconds: int
    ):
        session = replace(SESSION, idle_minutes=idle)

        noted = session.must_note(BEGAN + timedelta(seconds=seconds))

        assert noted == (seconds >= min(60, idle * 6))
