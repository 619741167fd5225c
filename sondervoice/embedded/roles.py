"""The roles of the database: one credential, one power, and none past the policies."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg
from psycopg import sql

DATABASE: Final = "sondervoice"
SUPERUSER: Final = "postgres"
# The comment of a database whose restore is not finished: those who serve stay out.
CLOSED: Final = "closed until its restore is finished"
SERVED: Final = ("sv_app", "sv_operator")

# The name of each role's URL in the environment.
URL_NAMES: Final = {
    "sv_app": "DATABASE_URL",
    "sv_owner": "DATABASE_OWNER_URL",
    "sv_operator": "DATABASE_OPERATOR_URL",
    "sv_sealer": "DATABASE_SEALER_URL",
    "sv_statistics": "DATABASE_STATISTICS_URL",
}
_BASE: Final = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION NOINHERIT"
_POWERS: Final = {
    "sv_app": "NOCREATEDB",
    "sv_owner": "CREATEDB",  # the tests make databases of their own
    "sv_operator": "NOCREATEDB",
    "sv_sealer": "NOCREATEDB",
    "sv_statistics": "NOCREATEDB",
}


def make_roles(
    connection: psycopg.Connection[tuple[object, ...]], passwords: Mapping[str, str]
) -> None:
    """Make the roles and the database that are missing; doing so twice is harmless.

    The connection is a superuser's with autocommit. Passwords travel as SCRAM
    verifiers, so that no log of the server can hold one.
    """
    known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for role, power in _POWERS.items():
        if role not in known:
            verifier = connection.pgconn.encrypt_password(
                passwords[role].encode(), role.encode(), b"scram-sha-256"
            )
            connection.execute(
                sql.SQL("CREATE ROLE {} {} PASSWORD {}").format(
                    sql.Identifier(role),
                    sql.SQL(f"{_BASE} {power}"),
                    sql.Literal(verifier.decode()),
                )
            )
    for role in ("sv_operator", "sv_statistics"):
        connection.execute(
            sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(
                sql.Identifier(role)
            )
        )
    _make_database(connection)


def _make_database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    found = connection.execute(
        "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
    )
    name = sql.Identifier(DATABASE)
    if found.fetchone() is None:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER sv_owner").format(name))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    shut_out = SERVED if _is_closed(connection) else ()
    for role in sorted(set(URL_NAMES) - set(shut_out)):
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                name, sql.Identifier(role)
            )
        )


def _is_closed(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    found = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        "WHERE datname = %s",
        [DATABASE],
    )
    return found.fetchone() == (CLOSED,)


def role_urls(sockets: Path, passwords: Mapping[str, str]) -> dict[str, str]:
    """Return the URL of each role under its name in the environment."""
    return {
        name: role_url(sockets, role, passwords[role])
        for role, name in URL_NAMES.items()
    }


def role_url(sockets: Path, role: str, password: str) -> str:
    """Return the URL of one role."""
    host = quote(str(sockets), safe="")
    return f"postgresql://{role}:{quote(password)}@/{DATABASE}?host={host}"
