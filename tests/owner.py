"""The database's owner, who sees all rows: where words stand, whosever they are."""

import os
from collections.abc import Sequence
from functools import cache
from urllib.parse import unquote, urlsplit

import psycopg
from django.db import connections
from psycopg import sql

_TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def as_owner(query: str, values: Sequence[object]) -> list[tuple[object, ...]]:
    """Return what the owner is answered, of the tests' database."""
    cursor = _owner().execute(query, values)
    return cursor.fetchall() if cursor.description else []


def tables_with(*words: str, url: str = "") -> dict[str, list[str]]:
    """Return for each of the words the tables in which it stands, in any case.

    Args:
        words: Parts of a row as PostgreSQL writes it.
        url: Of another database; of the tests' own if empty.
    """
    if not url:
        return _tables_with(_owner(), words)
    with psycopg.connect(url, autocommit=True) as connection:
        return _tables_with(connection, words)


def leave() -> None:
    """Give the connection back, before the database goes."""
    if _owner.cache_info().currsize:
        _owner().close()
        _owner.cache_clear()


def _tables_with(
    connection: psycopg.Connection, words: Sequence[str]
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {word: [] for word in words}
    for (table,) in connection.execute(_TABLES).fetchall():
        query = sql.SQL("SELECT lower(t::text) FROM {} t").format(sql.Identifier(table))
        rows = "\n".join(row for (row,) in connection.execute(query))
        for word in words:
            if word.lower() in rows:
                found[word].append(table)
    return found


@cache
def _owner() -> psycopg.Connection:
    parts = urlsplit(os.environ["DATABASE_OWNER_URL"])
    settings = connections["default"].settings_dict
    return psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        dbname=settings["NAME"],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        autocommit=True,
    )
