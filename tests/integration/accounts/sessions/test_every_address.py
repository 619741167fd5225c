"""No address of the dashboard shows anything once the session is over."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client

from tests.cast_fixtures import SignIn
from tests.matrix.routes import Route, list_routes
from tests.matrix.shared import nameless_dns
from tests.matrix.world import Side, World, make_world

__all__ = ["nameless_dns"]


@pytest.fixture
def world(db: None, nameless_dns: str, settings) -> World:
    cache.clear()
    settings.DNS_RESOLVERS = [nameless_dns]
    return make_world()


def _address(route: Route, side: Side) -> str:
    """Return the address of the side's own thing, as far as there is one."""

    def fill(found: re.Match[str]) -> str:
        return side.ids.get(found[1].removesuffix("_id"), "1")

    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", fill, route.pattern)


def _shown(client: Client, addresses: list[str]) -> list[str]:
    """Return the addresses that answer 200."""
    return [one for one in addresses if client.get(one).status_code == 200]


def _copy(client: Client) -> Client:
    """Return another browser with the same cookie, as a thief has it."""
    copy, name = Client(), django_settings.SESSION_COOKIE_NAME
    copy.cookies[name] = client.cookies[name].value
    return copy


def _take_over(client: Client, sign_in: Callable[[], Client]) -> None:
    sign_in()


def _end_all(client: Client, sign_in: Callable[[], Client]) -> None:
    client.post("/accounts/sessions/end/")


class TestEveryAddress:
    @pytest.mark.parametrize("end", [_take_over, _end_all])
    def test_shows_nothing_of_a_session_that_is_over(
        self, world: World, signed_in: SignIn, end
    ):
        owner = world.alder.people["owner"]
        addresses = [
            _address(route, world.alder)
            for route in list_routes()
            if route.pattern.startswith(("app/", "accounts/", "preferences/", "api/"))
            and "(" not in route.pattern
        ]
        public = set(_shown(Client(), addresses))
        client = signed_in(owner)
        thief = _copy(client)
        shown = [one for one in _shown(client, addresses) if one not in public]

        end(client, lambda: signed_in(owner))

        answers = {one: thief.get(one) for one in shown}
        stale = {one for one, answer in answers.items() if answer.status_code != 302}
        assert len(shown) > 60
        assert stale == set()
        assert {
            answer.headers["Location"].partition("?")[0] for answer in answers.values()
        } == {"/accounts/login/"}
