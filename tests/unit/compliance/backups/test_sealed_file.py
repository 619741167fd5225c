import io
import os
from uuid import UUID

import pytest

from compliance.backups.errors import BackupBrokenError
from compliance.backups.sealed_file import (
    PIECE_BYTES,
    Name,
    open_stream,
    seal_stream,
    sum_of,
)

KEY = bytes(range(32))
NAME = Name(UUID(int=1), "database")
HEADER = 57
PIECE = PIECE_BYTES + 16


def sealed(plain: bytes, *, name: Name = NAME, lump: int = 300_000) -> bytes:
    target = io.BytesIO()
    lumps = (plain[at : at + lump] for at in range(0, len(plain), lump))
    seal_stream(lumps, target, key=KEY, name=name)
    return target.getvalue()


def opened(raw: bytes, *, key: bytes = KEY, name: Name = NAME) -> bytes:
    return b"".join(open_stream(io.BytesIO(raw), key=key, name=name))


class TestSealedFile:
    @pytest.mark.parametrize(
        "size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES]
    )
    def test_opens_as_it_was(self, size: int):
        plain = os.urandom(size)

        assert opened(sealed(plain)) == plain

    def test_says_the_sum_of_what_was_written(self):
        target = io.BytesIO()
        said = seal_stream([b"words"], target, key=KEY, name=NAME)

        assert said == sum_of(io.BytesIO(target.getvalue()))
        assert said.size_bytes == HEADER + 5 + 16

    def test_holds_no_word_in_the_clear_and_is_never_the_same_twice(self):
        plain = b"canary of the backup" * 10

        assert b"canary" not in sealed(plain)
        assert sealed(plain) != sealed(plain)

    @pytest.mark.parametrize(
        "length", [0, 5, HEADER, HEADER + 16, HEADER + PIECE, HEADER + PIECE + 9, -1]
    )
    def test_does_not_open_when_it_is_cut(self, length: int):
        raw = sealed(bytes(2 * PIECE_BYTES))

        with pytest.raises(BackupBrokenError):
            opened(raw[:length])

    @pytest.mark.parametrize("at", [0, 8, 9, 25, 56, 57, 200, HEADER + PIECE, -1])
    def test_does_not_open_when_a_bit_is_flipped(self, at: int):
        raw = bytearray(sealed(bytes(PIECE_BYTES + 10)))
        raw[at] ^= 1

        with pytest.raises(BackupBrokenError):
            opened(bytes(raw))

    def test_does_not_open_with_pieces_in_another_order_or_more_of_them(self):
        raw = sealed(os.urandom(3 * PIECE_BYTES))
        head, one, two = raw[:HEADER], raw[HEADER:][:PIECE], raw[HEADER + PIECE :]
        two, rest = two[:PIECE], two[PIECE:]

        for changed in (head + two + one + rest, head + one + one + two + rest):
            with pytest.raises(BackupBrokenError):
                opened(changed)
        with pytest.raises(BackupBrokenError):
            opened(raw + rest)

    def test_does_not_open_as_another_part_or_backup_or_by_another_key(self):
        raw = sealed(b"words")

        for name in (Name(UUID(int=1), "objects"), Name(UUID(int=2), "database")):
            with pytest.raises(BackupBrokenError):
                opened(raw, name=name)
        with pytest.raises(BackupBrokenError):
            opened(raw, key=bytes(32))

    def test_gives_out_nothing_of_a_piece_that_was_changed(self):
        raw = bytearray(sealed(bytes(2 * PIECE_BYTES)))
        raw[-1] ^= 1
        pieces = open_stream(io.BytesIO(bytes(raw)), key=KEY, name=NAME)

        assert next(pieces) == bytes(PIECE_BYTES)
        with pytest.raises(BackupBrokenError):
            next(pieces)
