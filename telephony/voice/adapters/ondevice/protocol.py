"""The words a child process and its parent exchange: one kind byte, a length, a body.

A message is ``kind`` (1 byte), the length of the body (4 bytes, big-endian) and the
body. Both ends refuse a body above `MAX_BODY_BYTES`, so a broken child costs no memory.
"""

import asyncio
import struct
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO, Final

MAX_BODY_BYTES: Final = 1 << 20
_HEAD: Final = struct.Struct(">cI")


class Kind(Enum):
    """What a message is about.

    From the child: READY, WORKING (a piece was dealt with), HEARD, SOUND, DONE, FAILED.
    To the child: LISTEN (JSON), SOUND (PCM), FINISH, FORGET, SAY (JSON).
    """

    READY = b"R"
    WORKING = b"W"
    HEARD = b"H"
    SOUND = b"A"
    DONE = b"D"
    FAILED = b"E"
    LISTEN = b"L"
    FINISH = b"F"
    FORGET = b"X"
    SAY = b"S"


class ProtocolError(Exception):
    """The other end sent something that is no message of ours."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message, its body as it came."""

    kind: Kind
    body: bytes = b""


def pack(kind: Kind, body: bytes = b"") -> bytes:
    """Return the bytes of one message.

    Raises:
        ProtocolError: If the body is too long.
    """
    if len(body) > MAX_BODY_BYTES:
        raise ProtocolError(kind.name)
    return _HEAD.pack(kind.value, len(body)) + body


def _unpack_head(head: bytes) -> tuple[Kind, int]:
    mark, length = _HEAD.unpack(head)
    try:
        kind = Kind(mark)
    except ValueError:
        raise ProtocolError("unknown kind") from None
    if length > MAX_BODY_BYTES:
        raise ProtocolError(kind.name)
    return kind, length


def read(stream: BinaryIO) -> Message | None:
    """Return the next message, waiting for it; None when the other end has gone.

    Raises:
        ProtocolError: If the bytes are no message.
    """
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    kind, length = _unpack_head(head)
    body = stream.read(length)
    return Message(kind, body) if len(body) == length else None


async def read_async(stream: asyncio.StreamReader) -> Message:
    """Return the next message.

    Raises:
        ProtocolError: If the bytes are no message.
        asyncio.IncompleteReadError: If the other end has gone.
    """
    kind, length = _unpack_head(await stream.readexactly(_HEAD.size))
    return Message(kind, await stream.readexactly(length))


def write(stream: BinaryIO, kind: Kind, body: bytes = b"") -> None:
    """Send one message at once."""
    stream.write(pack(kind, body))
    stream.flush()
