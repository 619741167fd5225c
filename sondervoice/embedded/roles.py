"""The roles of the database: one credential, one power, and none past the policies."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg
from psycopg import sql

DATABASE: Final = "sondervoice"
SUPERUSER: Final = "postgres"

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
    missing = [role for role in _POWERS if role not in known]
    for role, power in _POWERS.items():
        if role in missing:
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
    _make_database(connection, missing)


def _make_database(
    connection: psycopg.Connection[tuple[object, ...]], fresh: Sequence[str]
) -> None:
    """Make the database if it is missing, and let in who is new.

    A role that was shut out, as while a restore is not finished, stays shut out.
    """
    found = connection.execute(
        "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
    )
    name = sql.Identifier(DATABASE)
    if found.fetchone() is None:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER sv_owner").format(name))
        fresh = list(URL_NAMES)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    for role in fresh:
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                name, sql.Identifier(role)
            )
        )


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
