"""The sealed form of a file of a backup: written and read as a stream, in flat memory.

    SVBACKUP | 0x01 | backup (16) | salt (32) | piece | piece | … | last piece

A piece is 1 MiB of the file, the last one less, in AES-256-GCM with its tag. The key is
HKDF of the backup key, the salt, the backup's id and the part's name, so no two files
share one and pieces are numbered by their nonce. The header, the piece's number and
whether it is the last are authenticated: cut, reordered or swapped, it does not open.

Source:
    The STREAM construction: Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-
    Encryption and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015, section 7.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from compliance.backups.errors import BackupBrokenError

PIECE_BYTES: Final = 1 << 20
_TAG_BYTES: Final = 16
_MAGIC: Final = b"SVBACKUP\x01"
_SALT_BYTES: Final = 32
_HEADER_BYTES: Final = len(_MAGIC) + 16 + _SALT_BYTES


@dataclass(frozen=True, slots=True)
class Name:
    """Which part of which backup a file is."""

    backup_id: UUID
    part: str


@dataclass(frozen=True, slots=True)
class Sum:
    """What a file is on the disk.

    Attributes:
        sha256: 64 hexadecimal digits.
        size_bytes: As sealed.
    """

    sha256: str
    size_bytes: int


def seal_stream(
    plain: Iterable[bytes], target: BinaryIO, *, key: bytes, name: Name
) -> Sum:
    """Write what comes, sealed; return the sum of what was written.

    Args:
        plain: In lumps of any length.
        key: The backup key, 32 bytes.
    """
    header = _MAGIC + name.backup_id.bytes + os.urandom(_SALT_BYTES)
    cipher = AESGCM(_file_key(key, header, name))
    digest, size = hashlib.sha256(header), len(header)
    target.write(header)
    for number, (piece, is_last) in enumerate(_pieces(plain)):
        sealed = cipher.encrypt(_nonce(number), piece, _place(header, is_last=is_last))
        digest.update(sealed)
        size += len(sealed)
        target.write(sealed)
    return Sum(digest.hexdigest(), size)


def open_stream(source: BinaryIO, *, key: bytes, name: Name) -> Iterator[bytes]:
    """Yield what the file says, a piece at a time.

    Nothing of a piece is given out before its tag was found right; that the file was
    cut is found at its end alone.

    Raises:
        BackupBrokenError: If it is not the part it is taken for, or was changed.
    """
    header = source.read(_HEADER_BYTES)
    if header[: len(_MAGIC)] != _MAGIC or len(header) != _HEADER_BYTES:
        raise BackupBrokenError(f"{name.part} is no file of a backup")
    cipher = AESGCM(_file_key(key, header, name))
    number, sealed = 0, source.read(PIECE_BYTES + _TAG_BYTES)
    while True:
        following = source.read(PIECE_BYTES + _TAG_BYTES)
        place = _place(header, is_last=not following)
        try:
            yield cipher.decrypt(_nonce(number), sealed, place)
        except (InvalidTag, ValueError):
            raise BackupBrokenError(
                f"{name.part} is cut, was changed, or is under another key"
            ) from None
        if not following:
            return
        number, sealed = number + 1, following


def sum_of(source: BinaryIO) -> Sum:
    """Return the sum of a file as it lies on the disk."""
    digest, size = hashlib.sha256(), 0
    while lump := source.read(PIECE_BYTES):
        digest.update(lump)
        size += len(lump)
    return Sum(digest.hexdigest(), size)


def _pieces(plain: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield pieces of full length, then the last one, which may be empty."""
    waiting = bytearray()
    for lump in plain:
        waiting += lump
        while len(waiting) > PIECE_BYTES:
            yield bytes(waiting[:PIECE_BYTES]), False
            del waiting[:PIECE_BYTES]
    yield bytes(waiting), True


def _file_key(key: bytes, header: bytes, name: Name) -> bytes:
    salt = header[-_SALT_BYTES:]
    purpose = b"sondervoice backup" + name.backup_id.bytes + name.part.encode()
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose).derive(key)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _place(header: bytes, *, is_last: bool) -> bytes:
    return header + (b"\x01" if is_last else b"\x00")
