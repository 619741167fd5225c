import asyncio
import base64
import json

import httpx
import pytest
from websockets.asyncio.server import serve

from tests.fakes.telnyx.caller import Caller, tone
from tests.fakes.telnyx.g711 import LAWS, is_loud
from tests.fakes.telnyx.server import running_carrier

TO, FROM = "+13125550199", "+13125550100"
WORDS = tone(seconds=0.4)


class ToyProduct:
    """Greets with a tone and a mark, clears on a key, and keeps what it is sent."""

    def __init__(self, *, clears=False):
        self.frames = []
        self._clears = clears

    async def talk(self, socket):
        async for raw in socket:
            message = json.loads(raw)
            self.frames.append(message)
            if message["event"] == "start":
                payload = LAWS["PCMA"].encode(WORDS)
                sound = {"payload": base64.b64encode(payload).decode()}
                await socket.send(json.dumps({"event": "media", "media": sound}))
                await socket.send(json.dumps({"event": "mark", "mark": {"name": "1"}}))
                if self._clears:
                    await socket.send(json.dumps({"event": "clear"}))

    def of(self, event):
        return [frame for frame in self.frames if frame["event"] == event]


async def _take(reader, writer):
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length")
    )
    await reader.readexactly(length)
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    await writer.drain()
    writer.close()


@pytest.fixture
async def hook():
    server = await asyncio.start_server(_take, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def _run(carrier, product, hook, *, codec="PCMA", **options):
    async with serve(product.talk, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        call = carrier.ring(webhook=hook, to=TO, from_=FROM, **options)
        stream = {
            "stream_url": f"ws://127.0.0.1:{port}/",
            "stream_codec": codec,
            "stream_bidirectional_mode": "rtp",
            "stream_bidirectional_codec": "PCMA",
        }
        async with httpx.AsyncClient(
            base_url=carrier.api_base, headers={"authorization": "Bearer KEY"}
        ) as api:
            path = f"/calls/{call.control_id}/actions"
            assert (await api.post(f"{path}/answer", json={})).status_code == 200
            reply = await api.post(f"{path}/streaming_start", json=stream)
            assert reply.status_code == 200
        await call.ended.wait()
    return call


class TestMediaStream:
    async def test_says_what_the_caller_says_and_plays_what_comes_back(self, hook):
        product = ToyProduct()
        async with running_carrier() as carrier:
            caller = Caller([WORDS], gap_s=0.2, tail_s=0.2)
            call = await _run(carrier, product, hook, caller=caller)

            assert carrier.all_problems() == []
        assert [frame["event"] for frame in product.frames[:2]] == [
            "connected",
            "start",
        ]
        media = [frame["media"] for frame in product.of("media")]
        assert [int(part["chunk"]) for part in media] == list(range(1, len(media) + 1))
        assert len(product.of("stop")) == 1
        law = LAWS["PCMA"]
        spoken = [law.decode(base64.b64decode(part["payload"])) for part in media]
        assert sum(map(is_loud, spoken)) == 20
        assert law.decode(law.encode(WORDS)) in bytes(call.played.heard)
        assert call.played.marks == ["1"]
        assert call.hung_up_by == "caller"

    async def test_empties_the_queue_and_returns_its_marks_on_clear(self, hook):
        product = ToyProduct(clears=True)
        async with running_carrier() as carrier:
            caller = Caller([WORDS], waits_for_greeting=False, gap_s=0, tail_s=0.1)
            call = await _run(carrier, product, hook, caller=caller)

        assert call.played.marks == ["1"]
        assert len(call.played.cleared_ms) == 1
        assert not any(
            is_loud(bytes(call.played.heard[at : at + 320]))
            for at in range(640, len(call.played.heard), 320)
        )

    async def test_shuffles_frames_and_webhooks_when_told_to(self, hook):
        product = ToyProduct()
        async with running_carrier() as carrier:
            caller = Caller([WORDS], gap_s=0.1, tail_s=0.1)
            call = await _run(
                carrier,
                product,
                hook,
                caller=caller,
                chaos=frozenset({"reorder"}),
                digits=[(0.1, "5")],
            )

        chunks = [int(frame["media"]["chunk"]) for frame in product.of("media")]
        assert chunks[:9] == [1, 2, 3, 4, 5, 6, 8, 7, 9]
        assert [frame["dtmf"]["digit"] for frame in product.of("dtmf")] == ["5"]
        told = [sent.event_type for sent in call.courier.sent]
        assert sorted(told[-2:]) == ["call.hangup", "streaming.stopped"]
