"""Empties the database after a test that committed.

Django's own flush truncates each table and makes the permissions of all models anew: a
fifth of a second where there is mostly nothing to take away. This deletes.
"""

import os

import psycopg
from django.db import connections

# As the migrations and Django left them; no test changes them.
_STAYS = {"django_content_type", "auth_permission"}


class Emptier:
    """Empties all tables but those of the record, on a connection that it keeps."""

    def __init__(self) -> None:
        self._connection = psycopg.connect(
            os.environ["DATABASE_SUPERUSER_URL"],
            dbname=connections["default"].settings_dict["NAME"],
            autocommit=True,
            options="-c lock_timeout=10s -c session_replication_role=replica",
        )
        deletes = "\n".join(f'DELETE FROM "{table}";' for table in _tables())  # noqa: S608 -- ours
        # Of a function the plans are kept: it takes some milliseconds.
        self._connection.execute(
            f"CREATE FUNCTION pg_temp.empty() RETURNS void LANGUAGE plpgsql AS "
            f"$$ BEGIN {deletes} END $$"
        )

    def empty(self) -> None:
        """Delete all rows."""
        self._connection.execute("SELECT pg_temp.empty()")

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


def _tables() -> list[str]:
    """Return the tables of models; what has none keeps what it began with.

    The record has an emptying of its own, since nobody may remove a row.
    """
    known = connections["default"].introspection.django_table_names(
        only_existing=True, include_views=False
    )
    return sorted(
        table
        for table in set(known) - _STAYS
        if not table.startswith(("audit_logs", "ledger_"))
    )
