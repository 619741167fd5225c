"""Fixtures of the pages' tests: the cast, a day of calls, people who are signed in."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast, make_cast
from tests.cast_day import Day, make_day
from tests.shared_rows import SHARED

SignIn = Callable[[User], Client]


SHARED.share("cast", make_cast)


@pytest.fixture
def cast(db: None) -> Cast:
    # Tries to sign in are counted there.
    cache.clear()
    return SHARED.take("cast")


@pytest.fixture
def day(cast: Cast) -> Day:
    return make_day(cast, now=utc_now())


@pytest.fixture
def signed_in() -> SignIn:
    def sign_in(user: User) -> Client:
        client = Client()
        with signing_in():
            client.force_login(user)
        session = client.session
        session["second_factor_at"] = int(utc_now().timestamp())
        session.save()
        return client

    return sign_in
