import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from accounts.second_factor.models import AuthenticatorApp, FactorTries
from accounts.second_factor.services.show_code import (
    Answer,
    show_code,
    show_recovery_code,
)
from accounts.way_in import signing_in
from tests.cast import Cast, make_cast
from tests.cast_factor import STEP, actions_of, give_codes, give_phone

# On the beginning of a time step.
NOW = datetime(2026, 11, 20, 15, 42, tzinfo=UTC)


def _show(cast: Cast, code: str, *, at: datetime = NOW) -> bool:
    return _look(cast, code, at=at).device is not None


def _look(cast: Cast, code: str, *, at: datetime = NOW) -> Answer:
    with signing_in():
        return show_code(user_id=cast.ada.pk, code=code, now=at)


def _tries(cast: Cast) -> FactorTries:
    with signing_in():
        return FactorTries.objects.get(user=cast.ada)


class TestCode:
    @pytest.mark.parametrize(
        ("steps", "is_right"),
        [
            (-2, False),
            (-1, True),
            (0, True),
            (1, True),
            (2, False),
        ],
    )
    def test_may_be_one_step_early_or_late(
        self, cast: Cast, steps: int, is_right: bool
    ):
        phone = give_phone(cast.ada, now=NOW)

        assert _show(cast, phone.code_at(NOW + steps * STEP)) is is_right

    def test_counts_once(self, cast: Cast):
        phone = give_phone(cast.ada, now=NOW)
        code = phone.code_at(NOW)

        found = [_show(cast, code), _show(cast, code), _show(cast, code, at=NOW + STEP)]

        assert found == [True, False, False]

    def test_of_an_earlier_step_is_refused_after_a_later_one(self, cast: Cast):
        phone = give_phone(cast.ada, now=NOW)

        assert _show(cast, phone.code_at(NOW + STEP))
        assert not _show(cast, phone.code_at(NOW))
        assert _show(cast, phone.code_at(NOW + 2 * STEP), at=NOW + 2 * STEP)

    @pytest.mark.parametrize(
        "code",
        ["", "12345", "1234567", "\uff11\uff12\uff13\uff14\uff15\uff16", "-12345"],
    )
    def test_is_six_plain_digits(self, cast: Cast, code: str):
        give_phone(cast.ada, now=NOW)

        assert not _show(cast, code)

    def test_notes_when_the_app_was_used(self, cast: Cast):
        phone = give_phone(cast.ada, now=NOW)

        _show(cast, phone.code_at(NOW))

        with signing_in():
            assert AuthenticatorApp.objects.get().last_used_at == NOW

    def test_whose_key_cannot_be_opened_is_wrong(self, cast: Cast, caplog):
        phone = give_phone(cast.ada, now=NOW)
        with signing_in():
            AuthenticatorApp.objects.update(key="no seal")

        assert not _show(cast, phone.code_at(NOW))
        assert [line.message for line in caplog.records] == ["a key cannot be opened"]


class TestLock:
    def test_follows_five_wrong_codes_and_ends_by_itself(self, cast: Cast):
        phone = give_phone(cast.ada, now=NOW)
        for _ in range(5):
            assert not _show(cast, "000000")
        end = NOW + timedelta(minutes=15)

        before = end - timedelta(seconds=1)
        locked = _look(cast, phone.code_at(before), at=before)
        again = _show(cast, phone.code_at(end), at=end)

        assert (locked.device, locked.locked_until) == (None, end)
        assert again
        assert actions_of(cast.ada) == [
            *["accounts.factor.refused"] * 4,
            "accounts.factor.locked",
            "accounts.factor.refused",
            "accounts.factor.shown",
        ]

    def test_is_forgotten_by_a_right_code(self, cast: Cast):
        phone = give_phone(cast.ada, now=NOW)
        for _ in range(4):
            _show(cast, "000000")
        _show(cast, phone.code_at(NOW))

        _show(cast, "000000")

        assert _tries(cast).in_a_row == 1
        assert _tries(cast).locked_until is None

    def test_allows_strangers_seven_wrong_codes_an_hour(self, cast: Cast):
        phone = give_phone(cast.ada, now=NOW)
        looked = 0
        for minute in range(60):
            at = NOW + timedelta(minutes=minute)
            answer = _look(cast, "000000", at=at)
            row = _tries(cast)
            looked += row.bad_at[-1] == at
            assert answer.device is None

        assert looked == 7
        assert _show(
            cast, phone.code_at(NOW + timedelta(hours=1)), at=NOW + timedelta(hours=1)
        )

    def test_of_an_hour_is_not_forgiven_by_a_passkey(self, cast: Cast):
        phone = give_phone(cast.ada, now=NOW)
        for _ in range(5):
            _show(cast, "000000")
        later = NOW + timedelta(minutes=15)
        for _ in range(2):
            _show(cast, "000000", at=later)

        row = _tries(cast)
        with signing_in():
            row.keep(row.read().after_good())
        answer = _look(cast, phone.code_at(later), at=later)

        assert (answer.device, answer.locked_until) == (None, NOW + timedelta(hours=1))

    def test_counts_recovery_codes_too(self, cast: Cast):
        give_phone(cast.ada, now=NOW)
        codes = give_codes(cast.ada, now=NOW)
        for _ in range(5):
            _show(cast, "000000")

        with signing_in():
            answer = show_recovery_code(user_id=cast.ada.pk, code=codes[0], now=NOW)

        assert answer.device is None

    def test_of_one_person_is_not_anothers(self, cast: Cast):
        give_phone(cast.ada, now=NOW)
        bens = give_phone(cast.ben, now=NOW, key=b"09876543210987654321")
        for _ in range(5):
            _show(cast, "000000")

        with signing_in():
            answer = show_code(user_id=cast.ben.pk, code=bens.code_at(NOW), now=NOW)

        assert answer.device is not None


class TestAtOnce:
    @pytest.fixture
    def cast(self, transactional_db: None) -> Cast:
        cache.clear()
        return make_cast()

    def _at_once(self, cast: Cast, codes: list[str]) -> list[bool]:
        gate = threading.Barrier(len(codes))
        found: list[bool] = []

        def run(code: str) -> None:
            gate.wait()
            found.append(_show(cast, code))
            connection.close()

        threads = [threading.Thread(target=run, args=(code,)) for code in codes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(found)

    def test_of_two_same_codes_one_wins(self, cast: Cast):
        phone = give_phone(cast.ada, now=NOW)

        assert self._at_once(cast, [phone.code_at(NOW)] * 2) == [False, True]

    def test_of_eight_wrong_codes_five_are_looked_at(self, cast: Cast):
        give_phone(cast.ada, now=NOW)

        found = self._at_once(cast, ["000000"] * 8)

        assert found == [False] * 8
        assert len(_tries(cast).bad_at) == 5
        assert actions_of(cast.ada).count("accounts.factor.locked") == 1
