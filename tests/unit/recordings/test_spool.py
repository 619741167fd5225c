from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.keys.sealing import SealBrokenError
from recordings.spool import SEALED_BYTES, SIDE_BYTES, Piece, Spool
from tests.unit.recordings.sealers import OTHER_CALL, make_sealer

ON_A_PATH = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _piece(number, *, caller=b"a", agent=b"b", kept=0x1FFFFFF):
    sides = bytearray(caller * SIDE_BYTES), bytearray(agent * SIDE_BYTES)
    return Piece(number, kept, *sides)


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "org" / "call.spool", make_sealer())


def _flip(path, at, bit=1):
    raw = bytearray(path.read_bytes())
    raw[at] ^= bit
    path.write_bytes(raw)


class TestSpool:
    @ON_A_PATH
    @given(
        numbers=st.lists(st.integers(0, 12), min_size=1, max_size=12, unique=True),
        kept=st.integers(0, 2**25 - 1),
        byte=st.binary(min_size=1, max_size=1),
    )
    def test_gives_back_what_was_written_and_silence_between(
        self, tmp_path, numbers, kept, byte
    ):
        spool = Spool(tmp_path / "call.spool", make_sealer())
        spool.remove()
        written = {n: _piece(n, caller=byte, kept=kept) for n in numbers}

        for piece in written.values():
            spool.write(piece)

        assert list(spool.pieces()) == [
            written.get(number, Piece.silent(number))
            for number in range(max(numbers) + 1)
        ]
        assert [spool.read(number) for number in numbers] == list(written.values())

    def test_is_empty_before_anything_is_written(self, spool):
        assert list(spool.pieces()) == []

    def test_takes_a_piece_over_the_one_that_is_there(self, spool):
        for number in range(3):
            spool.write(_piece(number))

        spool.write(_piece(1, caller=b"z"))

        assert [bytes(piece.caller[:1]) for piece in spool.pieces()] == [
            b"a",
            b"z",
            b"a",
        ]
        assert spool._path.stat().st_size == 3 * SEALED_BYTES

    @pytest.mark.parametrize("left", [0, 1, SEALED_BYTES - 1])
    def test_that_was_cut_loses_its_last_piece_alone(self, spool, left):
        for number in range(3):
            spool.write(_piece(number))
        with spool._path.open("r+b") as file:
            file.truncate(2 * SEALED_BYTES + left)

        assert list(spool.pieces()) == [_piece(0), _piece(1)]

    @ON_A_PATH
    @given(at=st.integers(0, 2 * SEALED_BYTES - 1), bit=st.integers(0, 7))
    def test_does_not_open_with_one_bit_flipped(self, tmp_path, at, bit):
        spool = Spool(tmp_path / "call.spool", make_sealer())
        for number in range(2):
            spool.write(_piece(number))
        _flip(spool._path, at, 1 << bit)

        with pytest.raises(SealBrokenError):
            list(spool.pieces())

    def test_does_not_open_with_pieces_exchanged(self, spool):
        for number in range(2):
            spool.write(_piece(number))
        raw = spool._path.read_bytes()
        spool._path.write_bytes(raw[SEALED_BYTES:] + raw[:SEALED_BYTES])

        with pytest.raises(SealBrokenError):
            list(spool.pieces())

    def test_does_not_open_under_another_key_or_for_another_call(self, spool):
        spool.write(_piece(0))
        others = [make_sealer(), replace(spool._sealer, call_id=OTHER_CALL)]

        for sealer in others:
            with pytest.raises(SealBrokenError):
                Spool(spool._path, sealer).read(0)

    def test_shows_nothing_of_the_sound(self, spool):
        spool.write(_piece(0, caller=b"\x11"))

        assert b"\x11" * 16 not in spool._path.read_bytes()

    def test_is_for_this_user_alone(self, spool):
        spool.write(_piece(0))

        assert spool._path.stat().st_mode & 0o777 == 0o600
        assert spool._path.parent.stat().st_mode & 0o777 == 0o700

    def test_may_be_removed_twice(self, spool):
        spool.write(_piece(0))

        spool.remove()
        spool.remove()

        assert not spool._path.exists()
