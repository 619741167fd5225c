import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.keys.sealing import SealBrokenError
from recordings.object_file import (
    PIECE_BYTES,
    SEALED_PIECE_BYTES,
    open_piece,
    seal_pieces,
)
from tests.unit.recordings.sealers import OTHER_CALL, make_sealer

FEW = settings(max_examples=25)


def _sealed(plain, sealer):
    return [b"".join(piece) for piece in seal_pieces(plain, sealer)]


def _open_all(pieces, sealer):
    last = len(pieces) - 1
    return b"".join(
        open_piece(sealed, sealer, number=number, is_last=number == last)
        for number, sealed in enumerate(pieces)
    )


@pytest.fixture(scope="module")
def sealer():
    return make_sealer()


@pytest.fixture(scope="module")
def three(sealer):
    return _sealed([bytes(2 * PIECE_BYTES + 320)], sealer)


class TestObjectFile:
    @FEW
    @given(
        size=st.sampled_from([0, 1, 320, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1])
        | st.integers(0, 3 * PIECE_BYTES),
        part=st.integers(1, 70_000),
    )
    def test_gives_back_the_sound_in_whatever_parts_it_came(self, size, part):
        sealer, plain = make_sealer(), bytes(n % 251 for n in range(size))
        parts = [plain[start : start + part] for start in range(0, size, part)]

        pieces = _sealed(parts, sealer)

        assert _open_all(pieces, sealer) == plain
        assert {len(piece) for piece in pieces[:-1]} <= {SEALED_PIECE_BYTES}

    @pytest.mark.parametrize(
        ("number", "taken", "is_last"),
        [(0, 1, False), (1, 0, False), (0, 0, True), (2, 2, False), (1, 1, True)],
    )
    def test_does_not_open_out_of_its_place(
        self, sealer, three, number, taken, is_last
    ):
        with pytest.raises(SealBrokenError):
            open_piece(three[taken], sealer, number=number, is_last=is_last)

    @FEW
    @given(at=st.integers(0, 348), bit=st.integers(0, 7))
    def test_does_not_open_with_one_bit_flipped(self, sealer, three, at, bit):
        broken = bytearray(three[2])
        broken[at] ^= 1 << bit

        with pytest.raises(SealBrokenError):
            open_piece(bytes(broken), sealer, number=2, is_last=True)

    @pytest.mark.parametrize("length", [0, 1, 28, 29, 348])
    def test_does_not_open_when_cut(self, sealer, three, length):
        with pytest.raises(SealBrokenError):
            open_piece(three[2][:length], sealer, number=2, is_last=True)

    def test_does_not_open_under_another_key_or_for_another_call(self, sealer, three):
        for other in (make_sealer(), replace(sealer, call_id=OTHER_CALL)):
            with pytest.raises(SealBrokenError):
                open_piece(three[0], other, number=0, is_last=False)

    def test_seals_the_same_sound_differently_each_time(self, sealer):
        once, twice = (b"".join(_sealed([bytes(320)], sealer)) for _ in range(2))

        assert once != twice

    def test_holds_a_piece_or_two_however_long_the_call(self, sealer):
        parts = (bytes(8_000) for _ in range(1_000))

        tracemalloc.start()
        total = sum(len(part) for piece in seal_pieces(parts, sealer) for part in piece)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        assert total > 8_000_000
        assert most < 1_000_000
