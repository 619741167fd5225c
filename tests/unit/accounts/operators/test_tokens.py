from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.operators.errors import ReadingRefusedError
from accounts.operators.tokens import Purpose, issue_token, read_token

NOW = datetime(2026, 11, 20, 15, 42, tzinfo=UTC)
TOVE = UUID(int=7)


def _token(purpose: Purpose = Purpose.PEOPLE) -> str:
    return issue_token(purpose=purpose, actor_id=TOVE, now=NOW)


class TestToken:
    @pytest.mark.parametrize("purpose", list(Purpose))
    def test_says_who_reads_what(self, purpose: Purpose):
        said = read_token(_token(purpose), now=NOW)

        assert (said.actor_id, said.purpose, said.issued_at) == (TOVE, purpose, NOW)

    def test_has_a_number_of_its_own(self):
        first, second = (read_token(_token(), now=NOW).id for _ in range(2))

        assert first != second

    @pytest.mark.parametrize("age_s", [0, 1, 59])
    def test_is_good_for_a_minute(self, age_s: int):
        later = NOW + timedelta(seconds=age_s)

        assert read_token(_token(), now=later).actor_id == TOVE

    @pytest.mark.parametrize("age_s", [60, 61, 3600, -1])
    def test_is_refused_after_it_and_before_its_time(self, age_s: int):
        with pytest.raises(ReadingRefusedError):
            read_token(_token(), now=NOW + timedelta(seconds=age_s))

    @pytest.mark.parametrize("token", ["", ".", "....", "a.b.c.d.e", "é.1.2.3.ü"])
    def test_is_refused_when_it_is_none(self, token: str):
        with pytest.raises(ReadingRefusedError):
            read_token(token, now=NOW)

    @given(place=st.integers(0, 3), word=st.text("0123456789abcdef-", max_size=40))
    def test_is_refused_when_any_part_was_changed(self, place: int, word: str):
        parts = _token().split(".")
        if parts[place] == word:
            return
        parts[place] = word

        with pytest.raises(ReadingRefusedError):
            read_token(".".join(parts), now=NOW)

    def test_is_refused_when_another_key_signed_it(self, settings):
        token = _token()
        settings.SECRET_KEY = f"another-{uuid4()}-{uuid4()}"

        with pytest.raises(ReadingRefusedError):
            read_token(token, now=NOW)
