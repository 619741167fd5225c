"""The world and everybody's browsers, made once for all the tests."""

from collections.abc import Callable, Iterator, Mapping
from http.cookies import SimpleCookie

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now
from tests.fakes.directory.dns import DnsServer
from tests.matrix.world import World, make_world
from tests.shared_rows import SHARED

# Opens a browser in which somebody of a name has signed in.
Browsers = Callable[[str], Client]


def _make() -> tuple[World, Mapping[str, str]]:
    """Return the world, and the cookies of each person's browser as text."""
    world = make_world()
    return world, {
        name: _sign_in(person).cookies.output(header="", sep=";")
        for name, person in {**world.alder.people, "stranger": world.stranger}.items()
    }


SHARED.share("made", _make)


@pytest.fixture
def made(db: None) -> tuple[World, Mapping[str, str]]:
    made = SHARED.take("made")
    # What a test before left there was taken back in the database.
    cache.clear()
    return made


@pytest.fixture(scope="session")
def nameless_dns() -> Iterator[str]:
    """Answers at this address that there is no such name, at once."""
    server = DnsServer()
    yield server.address
    server.stop()


@pytest.fixture
def world(made: tuple[World, Mapping[str, str]], nameless_dns: str, settings) -> World:
    settings.DNS_RESOLVERS = [nameless_dns]
    return made[0]


@pytest.fixture
def browsers(made: tuple[World, Mapping[str, str]]) -> Browsers:
    def open_browser(name: str) -> Client:
        client = Client()
        client.cookies = SimpleCookie(made[1][name])
        return client

    return open_browser


def _sign_in(person: User) -> Client:
    client = Client()
    with signing_in():
        client.force_login(person)
    session = client.session
    session["second_factor_at"] = int(utc_now().timestamp())
    session.save()
    return client
