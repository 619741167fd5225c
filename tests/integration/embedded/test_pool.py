import signal
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db.utils import ConnectionHandler
from psycopg_pool import ConnectionPool

from sondervoice.embedded.postgres import Postgres
from sondervoice.embedded.process import end
from sondervoice.settings import base as settings
from sondervoice.settings.env import read_database

USES = 8


@pytest.fixture
def server(layout):
    made = Postgres(layout, throw_away=True)
    process = made.start()

    def restart():
        nonlocal process
        end(process, first=signal.SIGINT, grace_s=10)
        process = made.start()

    made.restart = restart
    yield made
    end(process, first=signal.SIGINT, grace_s=10)


@pytest.fixture
def connections(server, monkeypatch, django_db_blocker):
    """As the product has them, and not as the settings of the tests do."""
    monkeypatch.setenv("OF_THE_TEST", server.urls()["DATABASE_URL"])
    database = read_database("OF_THE_TEST")
    database |= {
        "ENGINE": "sondervoice.kernel.postgres",
        "OPTIONS": {"pool": settings.DATABASE_POOL, **database["OPTIONS"]},
    }
    handler = ConnectionHandler({"default": {}, "pooled": database})
    with django_db_blocker.unblock():
        yield handler
        handler["pooled"].close_pool()


def _ask(connections):
    connection = connections["pooled"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 7")
        (found,) = cursor.fetchone()
    connection.close()
    return found


def _fill(connections):
    """Use so many connections at once that the pool holds as many."""
    together = Barrier(USES)

    def work(_):
        connection = connections["pooled"]
        connection.ensure_connection()
        together.wait(20)
        connection.close()

    with ThreadPoolExecutor(USES) as threads:
        list(threads.map(work, range(USES)))


class TestPool:
    def test_is_the_products(self):
        assert settings.DATABASES["default"]["ENGINE"] == "sondervoice.kernel.postgres"

    def test_gives_no_dead_connection_after_a_restart(self, server, connections):
        _fill(connections)
        server.restart()

        assert [_ask(connections) for _ in range(2 * USES)] == [7] * 2 * USES

    def test_asks_the_server_nothing_while_all_is_well(self, connections, monkeypatch):
        checked = []
        monkeypatch.setattr(ConnectionPool, "check_connection", checked.append)
        _fill(connections)

        for _ in range(2 * USES):
            _ask(connections)

        assert checked == []
