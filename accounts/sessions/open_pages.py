"""Tells the open pages of a session to look at once; they look by themselves anyway."""

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
    except (RedisError, OSError):
        logger.warning("open pages not told")
