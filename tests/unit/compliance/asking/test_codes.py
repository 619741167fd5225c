from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from compliance.asking.codes import LIVES, code_of, is_code
from compliance.asking.models import Asking

NOW = datetime(2026, 11, 20, 15, 42, tzinfo=UTC)
OLD, NEW = "old-secret-" + "x" * 40, "new-secret-" + "y" * 40


@pytest.fixture
def asking() -> Asking:
    row = UUID("01930000-0000-7000-8000-000000000001")
    return Asking(id=row, code_number=1, code_asked_at=NOW)


class TestCode:
    def test_has_six_digits_and_is_the_same_each_time(self, asking):
        assert len(code_of(asking)) == 6
        assert code_of(asking).isdecimal()
        assert code_of(asking) == code_of(asking)

    def test_is_right_for_ten_minutes(self, asking):
        code = code_of(asking)

        assert is_code(asking, f" {code[:3]} {code[3:]} ", now=NOW)
        assert is_code(asking, code, now=NOW + LIVES - timedelta(seconds=1))
        assert not is_code(asking, code, now=NOW + LIVES)
        assert not is_code(asking, code, now=NOW - timedelta(seconds=1))

    def test_is_another_for_the_next_letter_and_for_another_asking(self, asking):
        first = code_of(asking)
        asking.code_number = 2
        second = code_of(asking)
        asking.id = UUID("01930000-0000-7000-8000-000000000002")

        assert len({first, second, code_of(asking)}) == 3
        assert not is_code(asking, first, now=NOW)

    def test_is_wrong_once_it_was_used(self, asking):
        code = code_of(asking)
        asking.code_asked_at = None

        assert not is_code(asking, code, now=NOW)

    @pytest.mark.parametrize("typed", ["", "12345", "٤٨٢٩١٣", "0" * 500, "é" * 6])
    def test_is_not_what_has_another_shape(self, asking, typed):
        assert not is_code(asking, typed, now=NOW)

    def test_of_the_old_secret_is_right_while_that_stands(self, asking, settings):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
        code = code_of(asking)
        settings.SECRET_KEY = NEW

        assert not is_code(asking, code, now=NOW)
        settings.SECRET_KEY_FALLBACKS = [OLD]
        assert is_code(asking, code, now=NOW)
