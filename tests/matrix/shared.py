"""The world is made once, in a transaction around those of the tests."""

from collections.abc import Callable, Iterator, Mapping
from http.cookies import SimpleCookie

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from accounts.permissions import Role
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now
from tests.matrix.world import World, make_world

# Opens a browser in which somebody of a name has signed in.
Browsers = Callable[[str], Client]


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        around = transaction.atomic()
        # As the test case's own: what must be outermost may be within.
        around._from_testcase = True
        with around:
            yield make_world()
            transaction.set_rollback(True)


@pytest.fixture(scope="module")
def made_cookies(made: World) -> Mapping[str, str]:
    """Return the cookies of everybody's browser, as text."""
    people = {role.value: made.alder.people[role] for role in Role}
    return {
        name: _sign_in(person).cookies.output(header="", sep=";")
        for name, person in {**people, "stranger": made.stranger}.items()
    }


@pytest.fixture
def world(made: World, db: None, settings) -> World:
    # What a test before left there was taken back in the database.
    cache.clear()
    # Nobody answers there: a name is looked up in vain, at once.
    settings.DNS_RESOLVERS = ["127.0.0.1:9"]
    return made


@pytest.fixture
def browsers(made_cookies: Mapping[str, str]) -> Browsers:
    def open_browser(name: str) -> Client:
        client = Client()
        client.cookies = SimpleCookie(made_cookies[name])
        return client

    return open_browser


def _sign_in(person) -> Client:
    client = Client()
    with signing_in():
        client.force_login(person)
    session = client.session
    session["second_factor_at"] = int(utc_now().timestamp())
    session.save()
    return client
