import socket

import pytest
from django.contrib.sessions.backends.cached_db import KEY_PREFIX
from django.core.cache import cache
from django.test import Client

from tests.cast import Cast
from tests.cast_factor import sign_in_with_password
from tests.cast_fixtures import SignIn


@pytest.fixture
def lose_the_cache(settings):
    """Return what takes the cache away: a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    def lose() -> None:
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": f"redis://127.0.0.1:{port}/0",
            }
        }

    return lose


class TestSessionWhileTheCacheIsAway:
    def test_goes_on(self, cast: Cast, signed_in: SignIn, lose_the_cache):
        bens = signed_in(cast.ben)

        lose_the_cache()

        assert bens.get("/app/calls/").status_code == 200

    def test_begins(self, cast: Cast, lose_the_cache):
        lose_the_cache()

        bens = sign_in_with_password(cast.ben)

        assert bens.get("/app/calls/").status_code == 200

    def test_ends(self, cast: Cast, signed_in: SignIn, lose_the_cache):
        bens = signed_in(cast.ben)
        cookie = bens.cookies["sessionid"].value
        lose_the_cache()

        bens.post("/accounts/logout/")

        later = Client()
        later.cookies["sessionid"] = cookie
        assert later.get("/app/calls/").status_code == 302

    def test_that_ended_meanwhile_stays_over(
        self, cast: Cast, signed_in: SignIn, lose_the_cache, settings
    ):
        bens, kept = signed_in(cast.ben), settings.CACHES
        bens.get("/app/calls/")
        cookie = bens.cookies["sessionid"].value
        lose_the_cache()
        bens.post("/accounts/logout/")

        settings.CACHES = kept

        later = Client()
        later.cookies["sessionid"] = cookie
        assert later.get("/app/calls/").status_code == 302
        assert cache.get(f"{KEY_PREFIX}{cookie}") is None
