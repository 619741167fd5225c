import asyncio
import json
import logging
import socket as sockets
from contextlib import asynccontextmanager, contextmanager

import pytest
import uvicorn
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from sondervoice.kernel.clock import utc_now
from sondervoice.routing import media_router
from tests.integration.telephony.ringing import token_for
from tests.integration.telephony.sockets import SILENCE, serving

GOOD, BAD = "v3:good", "v3:bad"


class QuietServer(uvicorn.Server):
    @contextmanager
    def capture_signals(self):
        yield


@asynccontextmanager
async def listening(desk):
    async with serving(desk) as (stream, builder):
        with sockets.create_server(("127.0.0.1", 0)) as open_socket:
            config = uvicorn.Config(
                media_router(stream),
                ws="sondervoice.media_socket:MediaSocket",
                ws_max_size=65_536,
                ws_per_message_deflate=False,
                lifespan="off",
                access_log=False,
                log_level="warning",
            )
            server = QuietServer(config)
            running = asyncio.create_task(server.serve(sockets=[open_socket]))
            port = open_socket.getsockname()[1]
            try:
                yield f"ws://127.0.0.1:{port}/media/telnyx", builder
            finally:
                server.should_exit = True
                server.force_exit = True
                await running


def _start(call_id):
    form = {"encoding": "PCMU", "sample_rate": 8000, "channels": 1}
    start = {"call_control_id": call_id, "media_format": form}
    return json.dumps({"event": "start", "start": start})


def _frame(chunk):
    media = {"payload": SILENCE, "chunk": str(chunk), "timestamp": str(chunk * 20)}
    return json.dumps({"event": "media", "media": media})


async def _until(is_so):
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 -- it tells nobody when it is
            await asyncio.sleep(0.01)


@asynccontextmanager
async def good_call(address, builder, token):
    async with connect(f"{address}/{token}/", compression=None) as socket:
        await socket.send(_start(GOOD))
        await _until(lambda: GOOD in builder.sessions)
        line = builder.sessions[GOOD].line
        yield socket
        before = len(line.frames)
        for chunk in range(50):
            await socket.send(_frame(chunk))
        await _until(lambda: len(line.frames) == before + 50)


async def _read_all(socket):
    while True:
        await socket.recv()


async def _closed(socket):
    with pytest.raises(ConnectionClosed) as closed:
        await asyncio.wait_for(_read_all(socket), 5)
    received = closed.value.rcvd
    return received.code if received else None


class TestServer:
    def test_refuses_a_stranger_before_the_handshake(self, desk, live, caplog):
        caplog.set_level(logging.DEBUG, "uvicorn")
        token = token_for(live[0], now=utc_now())

        async def main():
            async with listening(desk) as (address, _):
                with pytest.raises(InvalidStatus) as stranger:
                    await connect(f"{address}/nobodys-token/")
                async with connect(f"{address}/{token}/") as socket:
                    with pytest.raises(InvalidStatus) as second:
                        await connect(f"{address}/{token}/")
                    extensions = socket.response.headers.get("sec-websocket-extensions")
                statuses = [
                    error.value.response.status_code for error in (stranger, second)
                ]
                return statuses, extensions

        assert asyncio.run(main()) == ([403, 403], None)
        assert token not in caplog.text

    @pytest.mark.parametrize(
        ("messages", "code"),
        [
            (["garbage"], 1003),
            ([b"\xff\x00"], 1003),
            ([_start(BAD), "x" * 70_000], 1009),
            ([_start(BAD), _start(BAD)], 1003),
            ([_start(GOOD)], 4403),
            ([_start(BAD), *(_frame(n) for n in range(1_200))], 1008),
        ],
        ids=["garbage", "binary", "too long", "twice", "another's", "flood"],
    )
    def test_closes_a_hostile_socket_and_no_other(self, desk, live, messages, code):
        good, bad = (token_for(live[at], now=utc_now()) for at in (1, 0))

        async def main():
            async with (
                listening(desk) as (address, builder),
                good_call(address, builder, good),
                connect(f"{address}/{bad}/", compression=None) as socket,
            ):
                try:
                    for message in messages:
                        await socket.send(message)
                except ConnectionClosed:
                    messages.clear()
                return await _closed(socket)

        assert asyncio.run(main()) == code

    def test_closes_a_socket_that_never_reads_and_no_other(self, desk, live):
        good, bad = (token_for(live[at], now=utc_now()) for at in (1, 0))

        async def main():
            async with (
                listening(desk) as (address, builder),
                good_call(address, builder, good),
            ):
                stuck = connect(f"{address}/{bad}/", compression=None, max_queue=1)
                socket = await stuck
                await socket.send(_start(BAD))
                await _until(lambda: BAD in builder.sessions)
                socket.transport.pause_reading()
                out = builder.sessions[BAD].line.out
                sent = 0
                while not builder.sessions[BAD].is_closed and sent < 100_000:
                    out.media(b"\xff" * 160)
                    sent += 1
                    await asyncio.sleep(0)
                await _until(lambda: desk.calls == 1)
                socket.transport.abort()
                return sent

        assert asyncio.run(main()) < 100_000

    def test_forgets_a_call_whose_socket_breaks_off(self, desk, live):
        token = token_for(live[0], now=utc_now())

        async def main():
            async with listening(desk) as (address, builder):
                socket = await connect(f"{address}/{token}/", compression=None)
                await socket.send(_start(BAD))
                await _until(lambda: BAD in builder.sessions)
                socket.transport.abort()
                await _until(lambda: desk.calls == 0)
                return builder.sessions[BAD].is_closed

        assert asyncio.run(main())
