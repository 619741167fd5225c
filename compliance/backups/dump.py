"""One instant of the database: what it holds is counted and dumped in one snapshot.

A dump by `pg_dump` and not a copy of the server's files: it needs no power that the
owner role lacks, another version can read it, and it holds living rows alone. A row
that was erased lies in the server's files until they are vacuumed, and so in a copy.
"""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, LiteralString

import psycopg
from psycopg import sql

from compliance.backups.errors import BackupRefusedError
from compliance.backups.programs import find_program, lumps_of, running

_OURS: Final[LiteralString] = """
  FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
 WHERE relkind = 'r'
   AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"""
_TABLES: Final[LiteralString] = "SELECT nspname, relname" + _OURS + " ORDER BY 1, 2"
# Of these the owner would see, and so dump, a part or nothing, without an error.
_HIDDEN: Final[LiteralString] = (
    "SELECT relname"  # noqa: S608 -- constants of ours
    + _OURS
    + """ AND relrowsecurity AND relforcerowsecurity AND (
  NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid AND polpermissive
     AND polcmd IN ('*', 'r') AND pg_get_expr(polqual, polrelid) = 'true'
     AND polroles && ARRAY[0::oid, current_user::regrole::oid])
  OR EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid AND NOT polpermissive
     AND polcmd IN ('*', 'r')
     AND polroles && ARRAY[0::oid, current_user::regrole::oid])) ORDER BY 1"""
)
_HEADS: Final[LiteralString] = """
SELECT DISTINCT ON (organization_id) organization_id::text, size, encode(root, 'hex')
  FROM ledger_checkpoints ORDER BY organization_id, size DESC"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An instant that others can look at as long as it is open."""

    connection: "psycopg.Connection[Any]"
    id: str
    major: int

    def count_rows(self) -> dict[str, int]:
        """Return the rows of each table by its name, ``schema.table``."""
        return count_rows(self.connection)

    def migrations(self) -> list[str]:
        """Return the migrations that were applied: ``app.name``."""
        query: LiteralString = "SELECT app || '.' || name FROM django_migrations"
        return sorted(name for (name,) in self.connection.execute(query))

    def heads(self) -> dict[str, list[object]]:
        """Return each organization's sealed record: how many rows, and their root."""
        return {of: [size, root] for of, size, root in self.connection.execute(_HEADS)}

    def anchors(self) -> int:
        """Return the number of the last anchor."""
        query: LiteralString = "SELECT coalesce(max(number), 0) FROM ledger_anchors"
        return int(self.connection.execute(query).fetchall()[0][0])


@contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """Open an instant of the database as its owner.

    Raises:
        BackupRefusedError: If a policy would keep rows from the dump.
    """
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        hidden = [name for (name,) in connection.execute(_HIDDEN)]
        if hidden:
            raise BackupRefusedError(
                f"The owner does not see all rows of {', '.join(hidden)}: a policy for "
                "that role is missing"
            )
        ((exported,),) = connection.execute("SELECT pg_export_snapshot()").fetchall()
        yield Snapshot(connection, exported, connection.info.server_version // 10_000)


def count_rows(connection: "psycopg.Connection[Any]") -> dict[str, int]:
    """Return the rows of each table by its name, ``schema.table``."""
    counts = {}
    for schema, table in connection.execute(_TABLES).fetchall():
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
        counts[f"{schema}.{table}"] = int(connection.execute(query).fetchall()[0][0])
    return counts


def dump(url: str, seen: Snapshot) -> Iterator[bytes]:
    """Yield the dump of an instant, as it is written.

    Raises:
        ProgramFailedError: If pg_dump failed.
    """
    program = find_program("pg_dump", major=seen.major)
    arguments = [
        "--format=custom",
        "--enable-row-security",
        "--no-password",
        f"--snapshot={seen.id}",
    ]
    with running(program, arguments, url=url, stdout=subprocess.PIPE) as process:
        yield from lumps_of(process.stdout)


def differences(wanted: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    """Return the tables whose rows are not as many as they should be."""
    names = sorted(set(wanted) | set(found))
    return [name for name in names if wanted.get(name) != found.get(name)]
