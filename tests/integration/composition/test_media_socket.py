import asyncio
import logging
import socket as sockets
from contextlib import asynccontextmanager

import pytest
import uvicorn
import uvloop
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from sondervoice.media_socket import READ_AHEAD_AT_MOST
from tests.integration.telephony.test_media_server import QuietServer

HANDSHAKE = (
    "GET /a/path?b=c HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: {version}\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


@asynccontextmanager
async def serving(app):
    with sockets.create_server(("127.0.0.1", 0)) as open_socket:
        config = uvicorn.Config(
            app,
            ws="sondervoice.media_socket:MediaSocket",
            ws_max_size=1_000,
            lifespan="off",
            access_log=False,
            log_level="warning",
        )
        server = QuietServer(config)
        running = asyncio.create_task(server.serve(sockets=[open_socket]))
        while not server.started:  # noqa: ASYNC110 -- it tells nobody when it is
            await asyncio.sleep(0.01)
        try:
            yield open_socket.getsockname()[1], server
        finally:
            server.should_exit = True
            await running


async def _say_back(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        await send({**event, "type": "websocket.send"})


def _frame(kind, body, *, is_last=True):
    first = kind | (0x80 if is_last else 0)
    if len(body) < 126:
        head = bytes((first, 0x80 | len(body)))
    else:
        head = bytes((first, 0x80 | 126)) + len(body).to_bytes(2, "big")
    return head + b"\0\0\0\0" + body


async def _raw(port, *parts):
    """Send bytes behind a handshake; return all that comes back behind its answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HANDSHAKE.format(version=13).encode())
    head = await reader.readuntil(b"\r\n\r\n")
    for part in parts:
        writer.write(part)
    came = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return head.split(b"\r\n")[0], came


async def _pour(writer):
    """Write far more than the buffers of the two ends of a socket hold."""
    for _ in range(1_000):
        writer.write(_frame(1, b"x" * 900) * 100)
        await writer.drain()


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop])
def run(request):
    def on_this_loop(main):
        with asyncio.Runner(loop_factory=request.param) as runner:
            return runner.run(asyncio.wait_for(main, 20))

    return on_this_loop


class TestMediaSocket:
    def test_carries_text_and_bytes_of_any_length_both_ways(self, run):
        messages = ["", "a", "ü" * 200, b"", b"\0\xff" * 300, "x" * 1_000]

        async def main():
            async with (
                serving(_say_back) as (port, _),
                connect(f"ws://127.0.0.1:{port}/", compression=None) as socket,
            ):
                for message in messages:
                    await socket.send(message)
                return [await socket.recv() for _ in messages]

        assert run(main()) == messages

    def test_joins_a_message_that_comes_in_parts(self, run):
        async def main():
            async with (
                serving(_say_back) as (port, _),
                connect(f"ws://127.0.0.1:{port}/", compression=None) as socket,
            ):
                await socket.send(["one ", "two ", "three"])
                return await socket.recv()

        assert run(main()) == "one two three"

    def test_tells_the_application_who_calls_where(self, run):
        seen = []

        async def app(scope, receive, send):
            await receive()
            seen.append(scope)
            await send({"type": "websocket.close", "code": 4403})

        async def main():
            async with serving(app) as (port, _):
                with pytest.raises(InvalidStatus) as refused:
                    await connect(f"ws://127.0.0.1:{port}/a%20b/?c=d")
                return refused.value.response.status_code

        assert run(main()) == 403
        assert seen[0]["path"] == "/a b/"
        assert seen[0]["raw_path"] == b"/a%20b/"
        assert seen[0]["query_string"] == b"c=d"
        assert seen[0]["client"][0] == "127.0.0.1"
        assert dict(seen[0]["headers"])[b"upgrade"] == b"websocket"

    @pytest.mark.parametrize(
        ("frames", "code"),
        [
            ([_frame(1, b"x" * 1_001)], 1009),
            ([_frame(1, b"x" * 600, is_last=False), _frame(0, b"x" * 600)], 1009),
            (
                [_frame(1, b"", is_last=False), *[_frame(0, b"", is_last=False)] * 16],
                1009,
            ),
            ([_frame(1, b"\xff\xfe" * 4)], 1007),
            ([_frame(0xB, b"")], 1002),
            ([_frame(8, b"\x03\xe8")], 1000),
        ],
        ids=[
            "long",
            "long in parts",
            "endless parts",
            "no utf-8",
            "no such kind",
            "close",
        ],
    )
    def test_closes_what_breaks_the_protocol(self, run, frames, code):
        async def main():
            async with serving(_say_back) as (port, _):
                return await _raw(port, *frames)

        status, came = run(main())
        assert status == b"HTTP/1.1 101 Switching Protocols"
        assert came[0] == 0x88
        assert int.from_bytes(came[2:4], "big") == code

    def test_refuses_another_version_before_the_application_runs(self, run):
        ran = []

        async def app(_scope, _receive, _send):
            ran.append(True)

        async def main():
            async with serving(app) as (port, _):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(HANDSHAKE.format(version=8).encode())
                came = await reader.read()
                writer.close()
                return came.split(b"\r\n")[0]

        assert run(main()) == b"HTTP/1.1 400 Bad Request"
        assert ran == []

    def test_forgets_a_handshake_that_is_none(self, run, caplog):
        seen = []

        async def app(_scope, receive, send):
            await receive()
            try:
                await send({"type": "websocket.accept"})
            finally:
                seen.append(await receive())

        async def main():
            async with serving(app) as (port, server):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                short = HANDSHAKE.format(version=13).replace(KEY, "short")
                writer.write(short.encode())
                came = await reader.read()
                writer.close()
                return came.split(b"\r\n")[0], len(server.server_state.connections)

        status, left = run(main())
        assert (status[:12], left) == (b"HTTP/1.1 400", 0)
        assert seen == [{"type": "websocket.disconnect", "code": 1006}]
        assert "failed" not in caplog.text

    def test_tells_the_end_as_often_as_it_is_asked(self, run):
        seen = []

        async def app(_scope, receive, send):
            await receive()
            await send({"type": "websocket.accept"})
            seen.extend([(await receive())["type"] for _ in range(3)])

        async def main():
            async with serving(app) as (port, _):
                await _raw(port, _frame(8, b"\x03\xe8"))

        run(main())
        assert seen == ["websocket.disconnect"] * 3

    def test_is_quiet_about_a_peer_that_leaves_before_the_answer(self, run, caplog):
        asked, gone = asyncio.Event(), asyncio.Event()

        async def app(_scope, receive, send):
            await receive()
            asked.set()
            await gone.wait()
            await send({"type": "websocket.accept"})

        async def main():
            async with serving(app) as (port, server):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(HANDSHAKE.format(version=13).encode())
                await asked.wait()
                writer.transport.abort()
                while server.server_state.connections:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
                gone.set()

        run(main())
        assert "failed" not in caplog.text

    def test_reads_no_further_ahead_than_it_may(self, run):
        going_on = asyncio.Event()
        counted = []

        async def slow(_scope, receive, send):
            await receive()
            await send({"type": "websocket.accept"})
            await going_on.wait()
            while (await receive())["type"] == "websocket.receive":
                counted.append(True)

        async def main():
            async with serving(slow) as (port, _):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(HANDSHAKE.format(version=13).encode())
                await reader.readuntil(b"\r\n\r\n")
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(_pour(writer), 1)
                going_on.set()
                writer.transport.abort()

        run(main())
        assert len(counted) >= READ_AHEAD_AT_MOST

    def test_says_an_application_that_breaks_is_broken(self, run, caplog):
        async def app(_scope, receive, send):
            await receive()
            await send({"type": "websocket.accept"})
            raise LookupError("a word nobody should read")

        async def main():
            async with (
                serving(app) as (port, _),
                connect(f"ws://127.0.0.1:{port}/secret/", compression=None) as socket,
            ):
                with pytest.raises(ConnectionClosed) as closed:
                    await socket.recv()
                return closed.value.rcvd.code

        with caplog.at_level(logging.ERROR):
            assert run(main()) == 1011
        assert "media application failed" in caplog.text
        assert "/secret/" not in caplog.text

    def test_says_goodbye_when_the_server_stops(self, run):
        async def main():
            async with serving(_say_back) as (port, server):
                socket = await connect(f"ws://127.0.0.1:{port}/", compression=None)
                await socket.send("still here")
                assert await socket.recv() == "still here"
                server.should_exit = True
                with pytest.raises(ConnectionClosed) as closed:
                    await socket.recv()
                return closed.value.rcvd.code

        assert run(main()) == 1012
