"""Identifiers: UUID version 7, made before a row exists."""

import os
import time
from uuid import UUID


def uuid7() -> UUID:
    """Return a UUID whose order is the order of creation, to the millisecond.

    Source:
        RFC 9562, section 5.7: 48 bits of Unix milliseconds, then version, 12 random
        bits, variant, 62 random bits.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (2**48 - 1)) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
