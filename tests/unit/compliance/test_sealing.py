from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.keys.sealing import (
    OVERHEAD_BYTES,
    Place,
    SealBrokenError,
    blind_index,
    new_key,
    seal,
    unseal,
)

KEY = new_key()
PLACE = Place(UUID(int=1), "table", "column", UUID(int=2), piece=3, is_last=False)
ELSEWHERE = [
    PLACE._replace(organization_id=UUID(int=9)),
    PLACE._replace(table="tabl", column="ecolumn"),
    PLACE._replace(column="other"),
    PLACE._replace(row_id=UUID(int=9)),
    PLACE._replace(piece=4),
    PLACE._replace(is_last=True),
]


class TestSeal:
    @given(st.binary(max_size=2_000))
    def test_gives_back_what_was_sealed(self, plain):
        sealed = seal(KEY, plain, PLACE)

        assert len(sealed) == len(plain) + OVERHEAD_BYTES
        assert unseal(KEY, sealed, PLACE) == plain

    @pytest.mark.parametrize("place", ELSEWHERE)
    def test_does_not_open_elsewhere(self, place):
        with pytest.raises(SealBrokenError):
            unseal(KEY, seal(KEY, b"words", PLACE), place)

    def test_does_not_open_under_another_key(self):
        with pytest.raises(SealBrokenError):
            unseal(new_key(), seal(KEY, b"words", PLACE), PLACE)

    @given(st.integers(0, 33), st.integers(0, 7))
    def test_does_not_open_with_one_bit_flipped(self, at, bit):
        sealed = bytearray(seal(KEY, b"words", PLACE))
        sealed[at] ^= 1 << bit

        with pytest.raises(SealBrokenError):
            unseal(KEY, bytes(sealed), PLACE)

    @given(st.integers(0, 33))
    def test_does_not_open_when_cut(self, length):
        with pytest.raises(SealBrokenError):
            unseal(KEY, seal(KEY, b"words", PLACE)[:length], PLACE)

    def test_uses_no_nonce_twice(self):
        nonces = {seal(KEY, b"", PLACE)[1:13] for _ in range(2_000)}

        assert len(nonces) == 2_000


class TestPlace:
    def test_is_each_part_behind_its_length(self):
        assert PLACE.as_bytes() == (
            b"\x00\x10" + bytes(15) + b"\x01" + b"\x00\x05table" + b"\x00\x06column"
            b"\x00\x10" + bytes(15) + b"\x02" + b"\x00\x08" + bytes(7) + b"\x03"
            b"\x00\x01\x00"
        )


class TestBlindIndex:
    def test_is_equal_for_equal_values_of_one_kind_alone(self):
        one = blind_index(KEY, kind="phone", value="+13125550136")

        assert one == blind_index(KEY, kind="phone", value="+13125550136")
        assert one != blind_index(KEY, kind="mail", value="+13125550136")
        assert one != blind_index(new_key(), kind="phone", value="+13125550136")
        assert len(one) == 32
