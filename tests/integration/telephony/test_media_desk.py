import asyncio

import pytest
from django.db import OperationalError

from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from telephony import heartbeats, media_desk
from telephony.media_desk import MediaDesk
from telephony.models import Call, CarrierCommand
from telephony.services import keep_line, open_stream
from telephony.voice.metronome import Metronome
from tests.integration.telephony.ringing import token_for
from tests.integration.telephony.sockets import Socket, serving

BAD = "v3:bad"


@pytest.fixture
def line(desk, live):
    return open_stream.open_stream(
        token=token_for(live[0], now=utc_now()), now=utc_now()
    )


def _away(monkeypatch, *, times):
    """Let the database be away the next times a line ends."""
    left = [times]
    end_line = keep_line.end_line

    def failing(**said):
        if left[0]:
            left[0] -= 1
            raise OperationalError("gone")
        end_line(**said)

    monkeypatch.setattr(keep_line, "end_line", failing)
    monkeypatch.setattr(media_desk, "END_AGAIN_S", 0.01)


def _asked(line):
    with tenancy.scope(line.organization_id):
        return (
            list(
                CarrierCommand.objects.filter(call=line.call_id)
                .exclude(kind="answer")
                .values_list("kind", flat=True)
            ),
            Call.objects.get(pk=line.call_id).line_ended_at is not None,
        )


class TestEnd:
    def test_is_tried_again_while_the_database_is_away(self, desk, line, monkeypatch):
        _away(monkeypatch, times=3)

        asyncio.run(desk.end(line, "put_through", within_s=5))

        assert _asked(line) == (["transfer"], True)

    def test_is_left_to_the_sweep_when_that_takes_too_long(
        self, desk, line, monkeypatch, caplog
    ):
        _away(monkeypatch, times=10_000)

        asyncio.run(desk.end(line, "put_through", within_s=0.1))

        assert _asked(line) == ([], False)
        assert [record.message for record in caplog.records] == [
            "end of line not written"
        ]


class TestPlaces:
    def test_are_taken_before_anybody_waits(self, desk, live):
        few = MediaDesk(Metronome(), calls_at_most=1, minutes_at_most=30)
        few._threads, few.files = desk._threads, desk.files
        tokens = [token_for(call, now=utc_now()) for call in live]

        async def main():
            async with serving(few) as (stream, _):
                sockets = [Socket(stream, token) for token in tokens]
                await sockets[1].closed()
                await sockets[0].until(lambda: sockets[0].is_accepted)
                calls = few.calls
                sockets[0].leave()
                await sockets[0].closed()
                return [socket.is_accepted for socket in sockets], calls, few.calls

        assert asyncio.run(main()) == ([True, False], 1, 0)


class TestReplacedLine:
    def test_ends_without_ending_the_call(self, desk, live, monkeypatch):
        monkeypatch.setattr(heartbeats, "BEAT_S", 0.05)
        tokens = [token_for(live[0], now=utc_now()) for _ in range(2)]

        async def main():
            async with serving(desk) as (stream, builder):
                older = Socket(stream, tokens[0])
                older.start(BAD)
                await older.until(lambda: BAD in builder.sessions)
                del builder.sessions[BAD]
                newer = Socket(stream, tokens[1])
                newer.start(BAD)
                await newer.until(lambda: BAD in builder.sessions)
                code = await older.closed()
                is_open = newer.code is None
                newer.event("stop")
                await newer.closed()
                return code, is_open

        assert asyncio.run(main()) == (1000, True)
        with tenancy.scope(live[0].organization_id):
            row = Call.objects.get(pk=live[0].pk)
        assert (row.status, row.line_ended_at) == ("live", None)
