"""How often the API may be asked in a minute: by a key, a person, an address.

Counted in the cache, and in the database while the cache is away: a lost Redis opens
nothing.
"""

import logging
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.exceptions import Throttled

from accounts.actors import Actor
from accounts.client_address import network_of
from accounts.derived_keys import blind
from accounts.machines.services.count_hit import WINDOW_S, Hits, count_hit

logger = logging.getLogger(__name__)

_ADDRESS: Final = "request from"


def meter_actor(actor: Actor, *, now: datetime) -> None:
    """Count one request of a key or a person.

    Raises:
        Throttled: If there were too many in this minute.
    """
    is_key = actor.kind == "api_key"
    at_most = settings.API_REQUESTS_A_KEY if is_key else settings.API_REQUESTS_A_PERSON
    _meter(f"request of {actor.kind}", str(actor.id), at_most, now)


def meter_address(address: str, *, now: datetime) -> None:
    """Count one request from an address's network, before anybody is asked who it is.

    Raises:
        Throttled: If there were too many in this minute.
    """
    _meter(_ADDRESS, network_of(address), settings.API_REQUESTS_AN_ADDRESS, now)


def _meter(kind: str, subject: str, at_most: int, now: datetime) -> None:
    try:
        hits = _count(kind, subject, now)
    except RedisError as error:
        logger.warning("cache is away", extra={"code": type(error).__name__})
        hits = count_hit(kind=kind, subject=subject, now=now)
    if hits.count > at_most:
        raise Throttled(wait=hits.wait_s)


def _count(kind: str, subject: str, now: datetime) -> Hits:
    name = blind("throttle", f"{kind}\n{subject}")
    begun = int(now.timestamp())
    # The window begins with its first hit; the two entries end together.
    if cache.add(f"throttle:{name}", 1, timeout=WINDOW_S):
        cache.set(f"throttle:{name}:begun", begun, timeout=WINDOW_S)
        return Hits(count=1, wait_s=WINDOW_S)
    try:
        count = cache.incr(f"throttle:{name}")
    except ValueError:
        # It ended between the two lines.
        return Hits(count=1, wait_s=WINDOW_S)
    begun = cache.get(f"throttle:{name}:begun", begun)
    return Hits(count=count, wait_s=max(1, begun + WINDOW_S - int(now.timestamp())))
