import asyncio
import io

import pytest

from telephony.voice.adapters.ondevice.protocol import (
    MAX_BODY_BYTES,
    Kind,
    Message,
    ProtocolError,
    pack,
    read,
    read_async,
    write,
)


class TestProtocol:
    def test_packs_kind_length_and_body(self) -> None:
        assert pack(Kind.SOUND, b"\x01\x02") == b"A\x00\x00\x00\x02\x01\x02"

    def test_reads_what_it_wrote(self) -> None:
        stream = io.BytesIO()
        write(stream, Kind.SAY, b"{}")
        write(stream, Kind.FINISH)
        stream.seek(0)

        assert read(stream) == Message(Kind.SAY, b"{}")
        assert read(stream) == Message(Kind.FINISH)
        assert read(stream) is None

    def test_takes_half_a_message_for_the_end(self) -> None:
        assert read(io.BytesIO(pack(Kind.SOUND, b"1234")[:-1])) is None

    def test_refuses_a_kind_it_does_not_know(self) -> None:
        with pytest.raises(ProtocolError):
            read(io.BytesIO(b"?\x00\x00\x00\x00"))

    def test_refuses_a_body_beyond_the_limit_before_reading_it(self) -> None:
        head = b"A" + (MAX_BODY_BYTES + 1).to_bytes(4, "big")

        with pytest.raises(ProtocolError):
            read(io.BytesIO(head))
        with pytest.raises(ProtocolError):
            pack(Kind.SOUND, b"\x00" * (MAX_BODY_BYTES + 1))

    async def test_reads_the_same_from_the_loop(self) -> None:
        stream = asyncio.StreamReader()
        stream.feed_data(pack(Kind.HEARD, b"{}"))
        stream.feed_eof()

        assert await read_async(stream) == Message(Kind.HEARD, b"{}")
        with pytest.raises(asyncio.IncompleteReadError):
            await read_async(stream)
