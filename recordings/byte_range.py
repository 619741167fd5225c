"""Reads the header `Range` of a request for sound (pure).

Source:
    RFC 9110, section 14: bytes are counted from 0, both ends inclusive; what cannot be
    read is ignored and all is sent; what lies beyond the end is refused with 416.
"""

import re
from dataclasses import dataclass
from typing import Final

_ONE: Final = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*\Z")


class RangeBeyondEndError(Exception):
    """No byte of what was asked for exists."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes `first` to `last`, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """Return how many bytes these are."""
        return self.last - self.first + 1


def read_range(header: str, *, size: int) -> ByteRange | None:
    """Return the one range asked for, or None when all is to be sent.

    Several ranges at once are a choice of the server's (section 14.2): all is sent.

    Raises:
        RangeBeyondEndError: If the range lies beyond the end.
    """
    match = _ONE.match(header.strip().lower())
    if match is None or match.group(0) == "" or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return _tail(int(last), size)
    start = int(first)
    end = int(last) if last else size - 1
    if last and end < start:
        return None
    if start >= size:
        raise RangeBeyondEndError
    return ByteRange(start, min(end, size - 1))


def _tail(length: int, size: int) -> ByteRange:
    if length == 0 or size == 0:
        raise RangeBeyondEndError
    return ByteRange(max(size - length, 0), size - 1)
