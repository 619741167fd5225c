import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from accounts.way_in import signing_in
from tests.cast import Cast, make_cast
from tests.integration.accounts.sessions.rows import ends_of, epoch_of, record_of

PEOPLE = 8


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cache.clear()
    return make_cast()


class TestSignIns:
    def test_at_once_leave_one_session(self, cast: Cast):
        start = threading.Barrier(PEOPLE)

        def come(_: int) -> Client:
            try:
                client = Client()
                start.wait(20)
                # Past the page, which lets nobody try eight times at once.
                with signing_in():
                    client.force_login(cast.ben)
                return client
            finally:
                connections.close_all()

        with ThreadPoolExecutor(PEOPLE) as threads:
            browsers = list(threads.map(come, range(PEOPLE)))

        answers = [browser.get("/app/").status_code for browser in browsers]
        assert sorted(answers) == [200] + [302] * (PEOPLE - 1)
        assert sorted(ends_of(cast.ben)) == [""] + ["superseded"] * (PEOPLE - 1)
        assert epoch_of(cast.ben) == PEOPLE
        assert record_of("accounts.session.superseded") == [
            "accounts.session.superseded"
        ] * (PEOPLE - 1)
