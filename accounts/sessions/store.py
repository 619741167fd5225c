"""Where sessions are kept: the database, with copies in the cache while it is there.

Django's own store reads without a cache and then fails to write to it. Here a cache
that is away is an empty one: nobody is signed out, and nothing is opened, since the
session's row is asked at each request (`accounts.sessions.middleware`).
"""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore as CachedStore
from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

_Found = TypeVar("_Found")


class SpareCache(BaseCache):
    """A cache that may be away: then it holds nothing and keeps nothing."""

    def __init__(self, cache: BaseCache) -> None:
        """Ask this one."""
        super().__init__({})
        self._cache = cache

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept, or the default."""
        return _try(lambda: self._cache.get(key, default, version), default)

    def set(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        """Keep it, if it can be kept."""
        _try(lambda: self._cache.set(key, value, timeout, version), None)

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget it, and return whether it was there."""
        return _try(lambda: self._cache.delete(key, version), default=False)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Return whether it is kept."""
        return _try(lambda: self._cache.has_key(key, version), default=False)


class SessionStore(CachedStore):
    """Django's, which goes on while the cache is away."""

    def __init__(self, session_key: str | None = None) -> None:
        """Keep copies in the cache while there is one."""
        super().__init__(session_key)
        self._cache = SpareCache(caches[settings.SESSION_CACHE_ALIAS])


def _try(ask: Callable[[], _Found], default: _Found) -> _Found:
    try:
        return ask()
    except RedisError as error:
        logger.warning("cache is away", extra={"code": type(error).__name__})
        return default
