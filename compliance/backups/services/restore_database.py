"""Put a dump back into an empty database, which stays closed to the product.

Numbers of transactions are those of the server that was. They are set anew before the
guards of the record stand, so that the sealer and the alerts go on where they were.
"""

import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, LiteralString

import psycopg
from psycopg import sql

from compliance.backups.errors import BackupRefusedError
from compliance.backups.programs import database_of, find_program, running
from sondervoice.embedded.roles import CLOSED, SERVED

Read = Callable[[], Iterable[bytes]]

_ANYTHING: Final[LiteralString] = """
SELECT EXISTS (SELECT FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
 WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema')"""
# Below both horizons: 1. Sealed and not looked at by the alerts: 2. The rest: 3. No
# transaction of a server has a smaller number, so new rows come behind these.
_NEW_NUMBERS: Final[LiteralString] = """
UPDATE audit_logs SET xid = (CASE
  WHEN xid >= ledger_state.horizon THEN '3'
  WHEN xid >= alert_watch.horizon THEN '2'
  ELSE '1' END)::xid8 FROM ledger_state, alert_watch"""
_NEW_HORIZONS: Final[tuple[LiteralString, ...]] = (
    "UPDATE ledger_state SET horizon = '3'",
    "UPDATE alert_watch SET horizon = '2'",
)


def refuse_unless_empty(url: str) -> None:
    """Make sure that a database holds nothing.

    Raises:
        BackupRefusedError: If it has any table.
    """
    with _owner(url) as owner:
        ((is_taken,),) = owner.execute(_ANYTHING).fetchall()
    if is_taken:
        raise BackupRefusedError(
            f"The database {database_of(url)} is not empty: nothing is overwritten"
        )


def close_database(url: str) -> None:
    """Let no process of the product in, until `open_database`.

    The sealer may come in: it reads the record, and no clinic's data.
    """
    _comment(url, CLOSED)
    _grant(url, sql.SQL("GRANT CONNECT ON DATABASE {} TO sv_sealer"))
    _grant(url, sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC, {}"))


def open_database(url: str) -> None:
    """Let the product in."""
    _grant(url, sql.SQL("GRANT CONNECT ON DATABASE {} TO {}"))
    _comment(url, None)


def restore_database(url: str, read: Read, *, is_quiet: bool = False) -> None:
    """Put a dump into an empty database as its owner.

    Args:
        read: Begins to read the dump anew, each time it is called.

    Raises:
        ProgramFailedError: If pg_restore failed.
    """
    with _owner(url) as owner:
        major = owner.info.server_version // 10_000
        program = find_program("pg_restore", major=major)
        for section in ("pre-data", "data", "post-data"):
            arguments = [
                "--exit-on-error",
                "--no-password",
                f"--section={section}",
                f"--dbname={database_of(url)}",
            ]
            with running(
                program, arguments, url=url, stdin=subprocess.PIPE, is_quiet=is_quiet
            ) as process:
                _feed(process, read())
            if section == "data":
                _renumber(owner)
        owner.execute("ANALYZE")


def _feed(process: "subprocess.Popen[bytes]", lumps: Iterable[bytes]) -> None:
    assert process.stdin is not None  # noqa: S101 -- asked for by `stdin=PIPE`
    try:
        for lump in lumps:
            process.stdin.write(lump)
        process.stdin.close()
    except BrokenPipeError:
        # The tables of contents stand in front: two of three sections need no more.
        return


def _renumber(owner: "psycopg.Connection[Any]") -> None:
    with owner.transaction():
        owner.execute(_NEW_NUMBERS)
        for statement in _NEW_HORIZONS:
            owner.execute(statement)


def _grant(url: str, statement: sql.SQL) -> None:
    roles = sql.SQL(", ").join(map(sql.Identifier, SERVED))
    with _owner(url) as owner:
        owner.execute(statement.format(sql.Identifier(database_of(url)), roles))


def _comment(url: str, words: str | None) -> None:
    name = sql.Identifier(database_of(url))
    statement = sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(words))
    with _owner(url) as owner:
        owner.execute(statement)


@contextmanager
def _owner(url: str) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(url, autocommit=True) as owner:
        yield owner
