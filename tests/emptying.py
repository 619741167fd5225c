"""Empties the database after a test that committed.

Django's own flush truncates each table and makes the permissions of all models anew: a
fifth of a second where there is mostly nothing to take away. This deletes.
"""

import os

import psycopg
from django.db import connections

# As the migrations and Django left them; no test changes them.
_STAYS = ("django_migrations", "django_content_type", "auth_permission")
# The record has an emptying of its own, since nobody may remove a row.
_TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
    "AND tablename NOT LIKE 'audit_logs%%' AND tablename NOT LIKE 'ledger_%%' "
    "AND tablename <> ALL (%s) ORDER BY tablename"
)


class Emptier:
    """Empties all tables but those of the record, on a connection that it keeps."""

    def __init__(self) -> None:
        self._connection = psycopg.connect(
            os.environ["DATABASE_SUPERUSER_URL"],
            dbname=connections["default"].settings_dict["NAME"],
            autocommit=True,
            options="-c lock_timeout=10s -c session_replication_role=replica",
        )
        found = self._connection.execute(_TABLES, [list(_STAYS)]).fetchall()
        deletes = "\n".join(f'DELETE FROM "{table}";' for (table,) in found)  # noqa: S608 -- ours
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
