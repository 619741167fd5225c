import asyncio
import base64
import json
import logging
from contextlib import asynccontextmanager

import pytest

from sondervoice.kernel.clock import utc_now
from telephony import media, media_out
from telephony.media_out import Outbox, UnreadOutputError
from tests.integration.telephony.ringing import token_for
from tests.integration.telephony.sockets import Socket, serving

BAD, GOOD = "v3:bad", "v3:good"
LONG = "x" * 70_000


@pytest.fixture
def both(desk, live):

    @asynccontextmanager
    async def good_call(stream, builder):
        socket = Socket(stream, token_for_good)
        socket.start(GOOD)
        await socket.until(lambda: GOOD in builder.sessions)
        line = builder.sessions[GOOD].line
        yield socket
        before = len(line.frames)
        for chunk in range(before + 1, before + 6):
            socket.frame(chunk)
        await socket.until(lambda: len(line.frames) == before + 5)
        assert socket.code is None
        socket.event("stop", stop={})
        assert await socket.closed() == 1000

    token_for_good = token_for(live[1], now=utc_now())
    token = token_for(live[0], now=utc_now())

    def run(attack):
        async def main():
            async with serving(desk) as (stream, builder), good_call(stream, builder):
                socket = Socket(stream, token)
                await attack(socket)
                code = await socket.closed()
                session = builder.sessions.get(BAD)
                assert session is None or session.is_closed
                return code

        return asyncio.run(main())

    return run


def _media(**parts):
    return json.dumps({"event": "media", "media": parts})


class TestBeforeTheStart:
    @pytest.mark.parametrize(
        ("message", "code"),
        [
            ("", 1003),
            ("garbage", 1003),
            ("{", 1003),
            ("[]", 1003),
            ("null", 1003),
            (b"\x00\xff\xfe binary", 1003),
            ("[" * 60_000, 1003),
            ('{"event":"unknown"}', 1003),
            ('{"event":7}', 1003),
            ('{"event":"start"}', 1003),
            ('{"event":"start","start":{"call_control_id":7}}', 1003),
            ('{"event":"stop"}', 1003),
            (_media(payload="AAAA"), 1003),
            ('{"event":"mark","mark":{"name":"s-1"}}', 1003),
            ('{"event":"dtmf","dtmf":{"digit":"1"}}', 1003),
            (LONG, 1009),
            (LONG.encode(), 1009),
        ],
        ids=lambda value: str(value)[:30],
    )
    def test_is_closed_by_anything_else(self, both, message, code):
        async def attack(socket):
            socket.say(message)

        assert both(attack) == code

    def test_is_closed_when_it_does_not_come(self, both, monkeypatch):
        monkeypatch.setattr(media, "START_WITHIN_S", 0.2)

        async def attack(_socket):
            await asyncio.sleep(0)

        assert both(attack) == 1008

    def test_is_closed_when_only_greetings_come(self, both, monkeypatch):
        monkeypatch.setattr(media, "START_WITHIN_S", 0.2)

        async def attack(socket):
            for _ in range(20):
                socket.event("connected")
                await asyncio.sleep(0.02)

        assert both(attack) == 1008

    def test_is_over_when_the_carrier_goes(self, both):
        async def attack(socket):
            socket.leave()

        assert both(attack) == 1000

    @pytest.mark.parametrize(
        "form",
        [
            {"encoding": "OPUS"},
            {"encoding": "L16"},
            {"encoding": ""},
            {"sample_rate": 16_000},
            {"channels": 2},
            {"sample_rate": 10**30},
        ],
        ids=str,
    )
    def test_is_closed_by_sound_of_another_form(self, both, form):
        async def attack(socket):
            socket.start(BAD, **form)

        assert both(attack) == 1003


class TestAfterTheStart:
    @pytest.mark.parametrize(
        ("message", "code"),
        [
            ("garbage", 1003),
            (b"\xff" * 200, 1003),
            (LONG, 1009),
            ('{"event":"media","media":{}}', 1003),
            ('{"event":"dtmf","dtmf":{"digit":"E"}}', 1003),
            ('{"event":7}', 1003),
            ('{"kind":"unknown"}', 1003),
            ('["unknown"]', 1003),
            ('{"event":"mark","mark":{"name":7}}', 1003),
            (_media(payload="no base64 at all, "), 1003),
            (_media(payload="AAAA", chunk="one"), 1003),
            (_media(payload="AAAA", chunk="9" * 5_000), 1003),
            (_media(payload="AAAA", chunk="9" * 30), 1003),
            (_media(payload="AAAA", chunk="-1"), 1003),
            (_media(payload="AAAA", timestamp="9" * 4_000), 1003),
            (_media(payload="AAAA", timestamp="9" * 12), 1003),
            (_media(payload="AAAA", timestamp="-20"), 1003),
        ],
        ids=lambda value: str(value)[:50],
    )
    def test_is_closed_by_what_is_no_message(self, both, message, code):
        async def attack(socket):
            socket.start(BAD)
            socket.say(message)

        assert both(attack) == code

    def test_is_closed_by_a_second_start(self, both):
        async def attack(socket):
            socket.start(BAD)
            socket.start(BAD)

        assert both(attack) == 1003

    @pytest.mark.parametrize(
        "message",
        [
            '{"event":"transcription","transcription":{"text":"?"}}',
            '{"event":"connection.quality"}',
            '{"event":""}',
            '{"event":"dtmf","dtmf":{"digit":"A"}}',
            '{"event":"dtmf","dtmf":{"digit":"D"}}',
        ],
    )
    def test_goes_on_past_what_says_nothing_to_us(self, desk, live, caplog, message):
        caplog.set_level(logging.INFO, "telephony.media")
        token = token_for(live[0], now=utc_now())

        async def main():
            async with serving(desk) as (stream, builder):
                socket = Socket(stream, token)
                socket.start(BAD)
                for chunk in range(1, 4):
                    socket.say(message)
                    socket.frame(chunk)
                socket.event("stop")
                line = (await socket.closed(), builder.sessions[BAD].line)
                return line[0], [frame.chunk for frame in line[1].frames], line[1].keys

        assert asyncio.run(main()) == (1000, [1, 2, 3], [])
        counts = [record.count for record in caplog.records if hasattr(record, "count")]
        assert counts == [3]

    @pytest.mark.parametrize("name", ["media", "dtmf", "mark", "unknown"])
    def test_is_closed_by_a_flood(self, both, name):
        parts = {
            "media": {"payload": base64.b64encode(b"\xff" * 160).decode()},
            "dtmf": {"digit": "1"},
            "mark": {"name": "s-1"},
            "unknown": {},
        }

        async def attack(socket):
            socket.start(BAD)
            for _ in range(media.MESSAGES_AT_ONCE + 200):
                socket.event(name, **{name: parts[name]})

        assert both(attack) == 1008

    def test_is_closed_when_nothing_comes_any_more(self, desk, live, monkeypatch):
        monkeypatch.setattr(media, "SILENT_AT_MOST_S", 0.2)
        token = token_for(live[0], now=utc_now())

        async def main():
            async with serving(desk) as (stream, builder):
                socket = Socket(stream, token)
                socket.start(BAD)
                socket.frame(1)
                return await socket.closed(), builder.sessions[BAD].is_closed

        assert asyncio.run(main()) == (1008, True)

    def test_is_closed_when_our_output_is_not_read(self, desk, live, monkeypatch):
        monkeypatch.setattr(media_out, "UNREAD_BYTES_AT_MOST", 4_096)
        token = token_for(live[0], now=utc_now())

        async def main():
            async with serving(desk) as (stream, builder):
                socket = Socket(stream, token)
                socket.start(BAD)
                await socket.until(lambda: BAD in builder.sessions)
                socket.reads.clear()
                out = builder.sessions[BAD].line.out
                for _ in range(40):
                    out.media(b"\xff" * 160)
                    await asyncio.sleep(0)
                return await socket.closed(), builder.sessions[BAD].is_closed

        assert asyncio.run(main()) == (1008, True)

    def test_of_another_track_is_left_out(self, desk, live):
        token = token_for(live[0], now=utc_now())

        async def main():
            async with serving(desk) as (stream, builder):
                socket = Socket(stream, token)
                socket.start(BAD)
                socket.frame(1, track="outbound")
                socket.frame(1)
                socket.event("stop")
                await socket.closed()
                return builder.sessions[BAD].line.frames

        assert [frame.chunk for frame in asyncio.run(main())] == [1]


class TestOutbox:
    async def test_keeps_no_more_than_its_limit_for_a_reader_that_stalls(self):
        out = Outbox()

        async def send(_message):
            await asyncio.Event().wait()

        running = asyncio.create_task(out.run(send))
        for _ in range(2_000):
            out.media(b"\xff" * 160)
            await asyncio.sleep(0)

        async with asyncio.timeout(1):
            with pytest.raises(UnreadOutputError):
                await running

    async def test_forgets_waiting_sound_when_it_is_cleared(self):
        out, sent = Outbox(), []

        async def send(message):
            sent.append(message["text"])

        for _ in range(5):
            out.media(b"\xff" * 160)
        out.clear()
        out.mark("s-2")
        running = asyncio.create_task(out.run(send))
        await asyncio.sleep(0.01)
        running.cancel()

        assert sent == [
            '{"event":"clear"}',
            '{"event":"mark","mark":{"name":"s-2"}}',
        ]


class TestLineThatFailsAtABeat:
    def test_ends_as_failed_so_that_its_stream_is_mended(self, desk, live, monkeypatch):
        ends = []

        async def end(call, how, *, within_s):
            assert within_s > 0
            ends.append((call.carrier_call_id, how))

        monkeypatch.setattr(desk, "end", end)
        tokens = [token_for(call, now=utc_now()) for call in live]

        async def main():
            async with serving(desk) as (stream, builder):
                bad, good = (Socket(stream, token) for token in tokens)
                bad.start(BAD)
                good.start(GOOD)
                await good.until(lambda: {BAD, GOOD} <= builder.sessions.keys())
                builder.sessions[BAD].line.fault = ValueError("text of a caller")
                code = await bad.closed()
                assert good.code is None
                good.event("stop", stop={})
                await good.closed()
                return code, builder.sessions[BAD].is_closed

        assert asyncio.run(main()) == (1000, True)
        assert ends == [(BAD, "failed"), (GOOD, "gone")]
