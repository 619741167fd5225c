"""Keys of rows and of days: what goes with them, and what stays."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from compliance.keys.keyring import LocalKeyring
from compliance.keys.keys import Keys
from compliance.keys.sealing import Place, SealBrokenError
from compliance.keys.store import FileKeyStore, KeyGoneError
from compliance.keys.wrapping import Wrapping

ONE, OTHER = UUID(int=1), UUID(int=2)
ROW, NEXT_ROW = UUID(int=31), UUID(int=32)
THEN = datetime(2026, 11, 26, 23, 59, tzinfo=UTC)
PLACE = Place(ONE, "scheduling_appointment", "patient_name_sealed", ROW)


@pytest.fixture
def store(tmp_path: Path) -> FileKeyStore:
    return FileKeyStore(tmp_path / "keys")


@pytest.fixture
def make_keys(tmp_path: Path, store: FileKeyStore):
    """Makes another process's view of the same keys."""
    (tmp_path / "keyring").write_bytes(os.urandom(32))
    return lambda: Keys(Wrapping(LocalKeyring(tmp_path / "keyring")), store)


def _names(store: FileKeyStore) -> list[str]:
    return sorted(path.name for path in (store.directory / str(ONE)).iterdir())


class TestRowKey:
    def test_opens_what_it_sealed_and_is_one_a_row(self, make_keys, store):
        sealed = make_keys().seal_row("Hannah", PLACE, now=THEN)
        again = make_keys().seal_row("Hannah", PLACE, now=THEN)

        assert make_keys().unseal_row(sealed, PLACE) == "Hannah"
        assert make_keys().unseal_row(again, PLACE) == "Hannah"
        assert _names(store) == ["month-202611", f"row-{ROW}"]

    def test_takes_with_it_what_it_sealed_and_nothing_of_the_next_row(self, make_keys):
        keys = make_keys()
        beside = Place(ONE, PLACE.table, PLACE.column, NEXT_ROW)
        sealed = keys.seal_row("Hannah", PLACE, now=THEN)
        kept = keys.seal_row("Gil", beside, now=THEN)

        keys.destroy_row_key(organization_id=ONE, row_id=ROW)
        keys.destroy_row_key(organization_id=ONE, row_id=ROW)

        with pytest.raises(KeyGoneError):
            keys.unseal_row(sealed, PLACE)
        assert not keys.has_row_key(organization_id=ONE, row_id=ROW)
        assert keys.unseal_row(kept, beside) == "Gil"

    def test_may_have_a_second_one_that_goes_on_another_day(self, make_keys, store):
        keys = make_keys()
        first = keys.seal_row("Hannah", PLACE, now=THEN)
        second = keys.seal_row("Gil", PLACE, now=THEN, key_id=NEXT_ROW)

        keys.destroy_row_key(organization_id=ONE, row_id=ROW)

        with pytest.raises(KeyGoneError):
            keys.unseal_row(first, PLACE)
        assert keys.unseal_row(second, PLACE, key_id=NEXT_ROW) == "Gil"
        assert _names(store) == ["month-202611", f"row-{NEXT_ROW}"]

    def test_opens_nothing_of_another_row_or_clinic(self, make_keys):
        keys = make_keys()
        sealed = keys.seal_row("Hannah", PLACE, now=THEN)
        for place in (
            Place(ONE, PLACE.table, PLACE.column, NEXT_ROW),
            Place(OTHER, PLACE.table, PLACE.column, ROW),
        ):
            keys.seal_row("theirs", place, now=THEN)

            with pytest.raises(SealBrokenError):
                keys.unseal_row(sealed, place)

    def test_is_not_a_calls(self, make_keys):
        keys = make_keys()
        keys.make_call_key(organization_id=ONE, call_id=ROW, now=THEN)

        assert not keys.has_row_key(organization_id=ONE, row_id=ROW)


class TestDayKey:
    def test_opens_what_it_sealed_the_day_after(self, make_keys, store):
        sealed = make_keys().seal_passing("a payload", PLACE, now=THEN)

        assert make_keys().unseal_field(sealed, PLACE) == "a payload"
        assert _names(store) == ["day-20261126"]

    def test_is_given_up_with_all_days_before_one(self, make_keys, store):
        keys = make_keys()
        days = [datetime(2026, 11, day, tzinfo=UTC) for day in (3, 25, 26)]
        sealed = [keys.seal_passing("a payload", PLACE, now=day) for day in days]
        field = keys.seal_field("a field", PLACE, now=THEN)

        assert keys.end_days(ONE, before=date(2026, 11, 26)) == 2
        assert keys.end_days(ONE, before=date(2026, 11, 26)) == 0

        assert _names(store) == ["day-20261126", "month-202611"]
        for gone in sealed[:2]:
            with pytest.raises(KeyGoneError):
                keys.unseal_field(gone, PLACE)
        assert keys.unseal_field(sealed[2], PLACE) == "a payload"
        assert keys.unseal_field(field, PLACE) == "a field"

    @pytest.mark.parametrize("digits", [b"2026112", b"202611260", b"2026112x", b""])
    def test_is_not_asked_for_by_a_damaged_date(self, make_keys, digits):
        sealed = make_keys().seal_passing("a payload", PLACE, now=THEN)

        with pytest.raises(SealBrokenError):
            make_keys().unseal_field(digits + sealed[8:], PLACE)
