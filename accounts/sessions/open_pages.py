"""Tells the open pages of a session to look at once; they look by themselves anyway."""

import asyncio
import contextlib
import logging
from typing import Final
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

LOOK: Final = "session.look"


def group_of(session_id: UUID) -> str:
    """Return the name under which the open pages of a session listen."""
    return f"session.{session_id}"


def tell_open_pages(session_id: UUID) -> None:
    """Tell them; without a way to them each finds out within seconds."""
    layer = get_channel_layer()
    try:
        async_to_sync(layer.group_send)(group_of(session_id), {"type": LOOK})
    # A thread with a loop of its own may not wait here (RuntimeError).
    except (RedisError, OSError, RuntimeError):
        logger.warning("open pages not told")


async def hear(session_id: UUID, heard: asyncio.Event) -> None:
    """Set the event whenever the open pages of the session are told to look.

    Returns once there is no way to hear; who waits must look by themselves anyway.
    """
    layer = get_channel_layer()
    name = await layer.new_channel()
    try:
        await layer.group_add(group_of(session_id), name)
        while True:
            await layer.receive(name)
            heard.set()
    except (RedisError, OSError):
        logger.warning("an open page hears nothing")
    finally:
        with contextlib.suppress(RedisError, OSError):
            await layer.group_discard(group_of(session_id), name)
