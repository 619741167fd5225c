"""Seals bytes so that they open in one place only (pure).

A sealed value is ``0x01 | nonce (12) | ciphertext | tag (16)``. The place it belongs to
(organization, table, column, row, piece) is authenticated with it: moved anywhere else,
it does not open.

Source:
    AES-256-GCM with random 96-bit nonces, NIST SP 800-38D; a key of its own per call or
    per organization and month keeps the number of nonces per key far below 2^32.
"""

import hashlib
import hmac
import os
from typing import Final, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION: Final = b"\x01"
NONCE_BYTES: Final = 12
OVERHEAD_BYTES: Final = 1 + NONCE_BYTES + 16
# Lengths of parts that are always as long, before the parts.
_UUID: Final = b"\x00\x10"
_PIECE: Final = b"\x00\x08"
_LAST: Final = b"\x00\x01\x01"
_NOT_LAST: Final = b"\x00\x01\x00"


class SealBrokenError(Exception):
    """The bytes were changed, or belong to another place or key."""


class Place(NamedTuple):
    """Where a sealed value belongs.

    Attributes:
        piece: Running number within the row, 0 for a single value.
        is_last: Whether no piece follows, so that a cut end is noticed.
    """

    organization_id: UUID
    table: str
    column: str
    row_id: UUID
    piece: int = 0
    is_last: bool = True

    def as_bytes(self) -> bytes:
        """Return the place with each part behind its length."""
        last = _LAST if self.is_last else _NOT_LAST
        return self.row_as_bytes() + self.piece.to_bytes(8, "big") + last

    def row_as_bytes(self) -> bytes:
        """Return what all pieces of the row begin with."""
        table, column = self.table.encode(), self.column.encode()
        return (
            _UUID
            + self.organization_id.bytes
            + len(table).to_bytes(2, "big")
            + table
            + len(column).to_bytes(2, "big")
            + column
            + _UUID
            + self.row_id.bytes
            + _PIECE
        )


def new_key() -> bytes:
    """Return 32 random bytes."""
    return os.urandom(32)


def derive(key: bytes, *, purpose: bytes) -> bytes:
    """Return a key for one purpose: HKDF-SHA256 (RFC 5869), 32 bytes."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key)


class PieceSealer:
    """Seals the pieces of one row.

    A piece of 64 KB takes some 8 µs, so what pieces share is made once, and what was
    sealed is not copied.
    """

    def __init__(self, key: bytes, place: Place) -> None:
        """Make the key ready, and the place of the row."""
        self._encrypt = AESGCM(key).encrypt
        self._row = place.row_as_bytes()

    def seal(self, plain: bytes, *, piece: int, is_last: bool) -> tuple[bytes, bytes]:
        """Return a piece sealed as `seal` does, in two parts to be written in turn."""
        nonce = os.urandom(NONCE_BYTES)
        last = _LAST if is_last else _NOT_LAST
        place = self._row + piece.to_bytes(8, "big") + last
        return VERSION + nonce, self._encrypt(nonce, plain, place)


def seal(key: bytes, plain: bytes, place: Place) -> bytes:
    """Return `plain` sealed for `place`, `OVERHEAD_BYTES` longer."""
    pieces = PieceSealer(key, place)
    return b"".join(pieces.seal(plain, piece=place.piece, is_last=place.is_last))


def unseal(key: bytes, sealed: bytes, place: Place) -> bytes:
    """Return what was sealed for `place`.

    Raises:
        SealBrokenError: If it was changed, cut, or sealed for elsewhere.
    """
    if len(sealed) < OVERHEAD_BYTES or sealed[:1] != VERSION:
        raise SealBrokenError
    nonce = sealed[1 : 1 + NONCE_BYTES]
    body = sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, place.as_bytes())
    except InvalidTag:
        raise SealBrokenError from None


def blind_index(key: bytes, *, kind: str, value: str) -> bytes:
    """Return 32 bytes that are equal for equal values and tell nothing else."""
    return hmac.new(key, f"{kind}|{value}".encode(), hashlib.sha256).digest()
