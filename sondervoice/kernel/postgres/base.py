"""Django's PostgreSQL, whose pool hands out no connection that was cut meanwhile.

After a restart of the server every pooled connection is dead, and the first use of each
would fail. Django's own check (`CONN_HEALTH_CHECKS`) asks the server before each use,
and sleeps a second for each dead connection it meets. Here the socket is looked at: an
idle connection has nothing to say, so nothing is asked while there is nothing to read.
"""

import select
from typing import Any, Final

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool

NOW_MS: Final = 0


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread's way to the database."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection that works, from the pool where there is one."""
        connection = super().get_new_connection(conn_params)
        while self.pool and was_cut(connection):
            # The pool throws away what is dead and makes another in its place.
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection


def was_cut(connection: psycopg.Connection[Any]) -> bool:
    """Return whether the server has left; it is asked only if it has said something."""
    if connection.closed:
        return True
    ears = select.poll()
    ears.register(connection.fileno(), select.POLLIN)
    if not ears.poll(NOW_MS):
        return False
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        return True
    return False
