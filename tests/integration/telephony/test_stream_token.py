import asyncio
import logging
from datetime import timedelta

import pytest

from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from telephony.errors import StreamTokenRefusedError
from telephony.models import StreamToken
from telephony.services.open_stream import open_stream
from telephony.services.send_command import send_command
from tests.cast import NOW
from tests.integration.telephony.ringing import ring, token_for
from tests.integration.telephony.sockets import Socket, serving


def _tokens(call):
    with tenancy.scope(call.organization_id):
        return list(StreamToken.objects.values_list("opened_at", "burned_at"))


@pytest.mark.django_db
class TestToken:
    def test_has_256_bits_and_is_kept_as_a_hash(self, cast):
        call = ring(cast.alder)

        token = token_for(call)

        assert len(token) == 43
        with tenancy.scope(call.organization_id):
            row = StreamToken.objects.get()
        assert len(row.token_sha256) == 32
        assert token.encode() not in bytes(row.token_sha256)

    def test_opens_its_own_call_once(self, cast):
        call = ring(cast.alder)
        token = token_for(call)

        assert open_stream(token=token, now=NOW).carrier_call_id == "v3:ringing"
        with pytest.raises(StreamTokenRefusedError):
            open_stream(token=token, now=NOW)

    @pytest.mark.parametrize("seconds", [60, 61, 86_400])
    def test_opens_nothing_from_a_minute_on(self, cast, seconds):
        call = ring(cast.alder)
        token = token_for(call)

        with pytest.raises(StreamTokenRefusedError):
            open_stream(token=token, now=NOW + timedelta(seconds=seconds))
        assert _tokens(call) == [(None, None)]

    def test_opens_to_the_last_of_its_sixty_seconds(self, cast):
        token = token_for(ring(cast.alder))

        assert open_stream(token=token, now=NOW + timedelta(seconds=59.9))

    def test_of_a_call_that_is_over_opens_nothing(self, cast):
        call = ring(cast.alder, status="ended", ended_at=NOW)

        with pytest.raises(StreamTokenRefusedError):
            open_stream(token=token_for(call), now=NOW)

    @pytest.mark.parametrize("token", ["", "x", "a" * 43, "\x00", "ü" * 43])
    def test_that_nobody_made_opens_nothing(self, cast, token):
        call = ring(cast.alder)
        token_for(call)

        with pytest.raises(StreamTokenRefusedError):
            open_stream(token=token, now=NOW)
        assert _tokens(call) == [(None, None)]


class TestSocket:
    def test_is_refused_before_it_is_accepted(self, desk, live):
        now = utc_now()
        used = token_for(live[0], now=now)
        late = token_for(live[0], now=now - timedelta(seconds=61))
        open_stream(token=used, now=utc_now())
        before = _tokens(live[0])

        async def connect():
            async with serving(desk) as (stream, builder):
                sockets = [
                    Socket(stream, token)
                    for token in ("unknown", "t" * 101, used, late)
                ]
                codes = [await socket.closed() for socket in sockets]
                return codes, [s.sent for s in sockets], builder.sessions

        codes, sent, sessions = asyncio.run(connect())

        assert codes == [4403] * 4
        assert sent == [[{"type": "websocket.close", "code": 4403}]] * 4
        assert sessions == {}
        assert _tokens(live[0]) == before

    def test_for_another_call_is_closed_before_any_line_is_built(self, desk, live):
        token = token_for(live[0], now=utc_now())

        async def connect():
            async with serving(desk) as (stream, builder):
                socket = Socket(stream, token)
                socket.start("v3:good")
                return await socket.closed(), builder.sessions

        assert asyncio.run(connect()) == (4403, {})
        ((opened_at, burned_at),) = _tokens(live[0])
        assert opened_at is not None
        assert burned_at is None

    def test_is_accepted_once_of_fifty_at_the_same_time(self, desk, live):
        token = token_for(live[0], now=utc_now())

        async def connect():
            async with serving(desk) as (stream, _):
                sockets = [Socket(stream, token) for _ in range(50)]
                for socket in sockets:
                    socket.start("v3:bad")
                    socket.leave()
                codes = [await socket.closed() for socket in sockets]
                return codes, [socket.is_accepted for socket in sockets]

        codes, accepted = asyncio.run(connect())

        assert accepted.count(True) == 1
        assert codes.count(4403) == 49

    def test_burns_the_token_on_its_own_call(self, desk, live):
        token = token_for(live[0], now=utc_now())

        async def connect():
            async with serving(desk) as (stream, builder):
                socket = Socket(stream, token)
                socket.start("v3:bad")
                await socket.until(lambda: "v3:bad" in builder.sessions)
                socket.event("stop", stop={})
                return await socket.closed()

        assert asyncio.run(connect()) == 1000
        assert None not in _tokens(live[0])[0]

    def test_leaves_the_token_in_no_log(self, desk, live, caplog):
        caplog.set_level(logging.DEBUG)
        token = token_for(live[0], now=utc_now())

        async def connect():
            async with serving(desk) as (stream, _):
                for call_id in ("v3:good", "v3:bad"):
                    socket = Socket(stream, token)
                    socket.start(call_id)
                    await socket.closed()

        asyncio.run(connect())

        assert len(caplog.records) > 2
        assert token not in caplog.text
        assert not any(token in str(vars(record)) for record in caplog.records)

    def test_leaves_the_token_in_no_log_when_it_is_sent(
        self, desk, live, caplog, carrier
    ):
        caplog.set_level(logging.DEBUG)
        call = live[0]
        with tenancy.scope(call.organization_id):
            command = call.commands.get(kind="answer")
            type(command).objects.filter(pk=command.pk).update(kind="start_stream")

        send_command(
            organization_id=call.organization_id,
            command_id=command.id,
            now=utc_now(),
        )

        token = carrier.urls[0].rstrip("/").rpartition("/")[2]
        assert len(token) == 43
        assert not any(token in str(vars(record)) for record in caplog.records)
