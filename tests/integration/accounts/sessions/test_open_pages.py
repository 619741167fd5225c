import asyncio
import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer

from accounts.sessions.open_pages import LOOK, group_of, hear, tell_open_pages
from sondervoice.embedded.layout import Layout
from sondervoice.embedded.process import end
from sondervoice.embedded.redis_server import RedisServer, find_program
from sondervoice.kernel.ids import uuid7
from sondervoice.settings.env import redis_client_url

PROGRAM = find_program()
MESSAGES = 1_000


@pytest.fixture
def redis_socket(tmp_path: Path, settings) -> Iterator[Path]:
    layout = Layout(tmp_path)
    layout.redis.mkdir(parents=True, mode=0o700)
    layout.logs.mkdir()
    server = RedisServer(layout, PROGRAM)
    process = server.start()
    settings.CHANNEL_LAYERS = _layers(redis_client_url(server.url))
    yield server.socket
    end(process, first=signal.SIGTERM, grace_s=5)


def _layers(url: str) -> dict:
    return {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [url]},
        }
    }


async def _heard(session_id, *, of) -> bool:
    """Tell the pages of a session, over and over; return whether `of` hears."""
    heard = asyncio.Event()
    listening = asyncio.create_task(hear(of, heard))
    for _ in range(10):
        await sync_to_async(tell_open_pages)(session_id)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(heard.wait(), 0.05)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    return heard.is_set()


async def _tell_a_thousand_times(told: list[UUID]) -> int:
    """Tell the pages of these sessions, a thousand times in all; return what came."""
    layer, came = get_channel_layer(), 0
    names = {}
    for session_id in told:
        names[session_id] = await layer.new_channel()
        await layer.group_add(group_of(session_id), names[session_id])
    for number in range(MESSAGES):
        session_id = told[number % len(told)]
        await layer.group_send(group_of(session_id), {"type": LOOK})
        # One at a time: a page that is told more than it reads is told less.
        await asyncio.wait_for(layer.receive(names[session_id]), 5)
        came += 1
    return came


async def _stay_apart() -> None:
    alders, birchs = [uuid7() for _ in range(10)], uuid7()
    heard = asyncio.Event()
    listening = asyncio.create_task(hear(birchs, heard))

    assert await _tell_a_thousand_times(alders) == MESSAGES
    assert not heard.is_set()
    # It did listen.
    await get_channel_layer().group_send(group_of(birchs), {"type": LOOK})
    await asyncio.wait_for(heard.wait(), 5)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


class TestOpenPages:
    async def test_of_one_clinic_hear_none_of_a_thousand_words_to_anothers(self):
        await _stay_apart()

    @pytest.mark.redis
    @pytest.mark.skipif(PROGRAM is None, reason="no redis-server on PATH")
    async def test_hear_none_of_a_thousand_over_redis_either(self, redis_socket: Path):
        await _stay_apart()

    async def test_of_the_session_hear_and_no_others(self):
        session_id = uuid7()

        assert await _heard(session_id, of=session_id)
        assert not await _heard(session_id, of=uuid7())

    @pytest.mark.redis
    @pytest.mark.skipif(PROGRAM is None, reason="no redis-server on PATH")
    async def test_hear_over_redis(self, redis_socket: Path):
        session_id = uuid7()

        assert await _heard(session_id, of=session_id)

    async def test_without_redis_are_left_to_look_by_themselves(
        self, settings, tmp_path: Path
    ):
        settings.CHANNEL_LAYERS = _layers(f"unix://{tmp_path}/nobody.sock")
        heard = asyncio.Event()

        await sync_to_async(tell_open_pages)(uuid7())
        await hear(uuid7(), heard)

        assert not heard.is_set()
