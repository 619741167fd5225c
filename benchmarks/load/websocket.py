"""As much of WebSocket (RFC 6455) as the load needs: whole text frames, both ways.

Frames of ours are masked with zeros, which any server must take and undo like any mask.
"""

from collections.abc import Iterator
from typing import Final

TEXT: Final = 1
CLOSE: Final = 8
PING: Final = 9
PONG: Final = 10
_NO_MASK: Final = b"\0\0\0\0"


def handshake(path: str, host: str) -> bytes:
    """Return the request that opens a socket at `path`."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ).encode()


def pack(kind: int, body: bytes) -> bytes:
    """Return a frame of at most 64 KB."""
    if len(body) < 126:
        return bytes((0x80 | kind, 0x80 | len(body))) + _NO_MASK + body
    head = bytes((0x80 | kind, 0xFE)) + len(body).to_bytes(2, "big")
    return head + _NO_MASK + body


class Unpacker:
    """Cuts what a server sends into frames."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield the kind and body of each frame that is complete now."""
        data = self._rest + data if self._rest else data
        place, end = 0, len(data)
        while end - place >= 2:
            length, start = data[place + 1], place + 2
            if length >= 126:
                wide = 2 if length == 126 else 8
                length = int.from_bytes(data[start : start + wide], "big")
                start += wide
            if end < start + length or end < start:
                break
            yield data[place] & 15, data[start : start + length]
            place = start + length
        self._rest = data[place:]
