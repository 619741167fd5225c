"""A place of its own for a drill: a database, recordings, keys; gone at its end."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, LiteralString
from urllib.parse import quote, urlsplit

import psycopg
from django.conf import settings
from psycopg import sql

from compliance.backups.errors import BackupRefusedError
from compliance.backups.programs import database_of, with_database
from compliance.backups.services.restore_database import refuse_unless_empty

_SUFFIX: Final = "_drill"
_SCHEMAS: Final[LiteralString] = """
SELECT nspname FROM pg_namespace
 WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"""
# Named for themselves: without it they would be looked for below the drill's DATA_DIR.
_SAME: Final = (
    "KEYRING_PATH",
    "LEDGER_KEY_PATH",
    "LEDGER_ANCHOR_DIR",
    "ERASURE_LIST_DIR",
    "BACKUP_KEY_PATH",
)
_END_SESSIONS: Final[LiteralString] = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
 WHERE datname = %s AND usename = current_user"""


@dataclass(frozen=True, slots=True)
class Scratch:
    """Where a drill brings a backup back.

    Attributes:
        url: The owner's, of an empty database.
    """

    folder: Path
    url: str

    @property
    def recordings(self) -> Path:
        """Where settings of this place have the recordings."""
        return self.folder / "recordings"

    def environment(self) -> Mapping[str, str]:
        """Return what a process must be given so that it works here alone."""
        same = {name: str(getattr(settings, name)) for name in _SAME}
        return {
            **same,
            "DATA_DIR": str(self.folder),
            "KEY_STORE_DIR": str(self.folder / "keys"),
            "DATABASE_OWNER_URL": self.url,
            "DATABASE_SEALER_URL": _as_role(self.url, settings.DATABASES["sealer"]),
        }


@contextmanager
def scratch() -> Iterator[Scratch]:
    """Make the place, with a copy of the keys as they are now, and take it away.

    Raises:
        BackupRefusedError: If there is no database for it and none can be made.
    """
    if "sealer" not in settings.DATABASES:
        raise BackupRefusedError("Set DATABASE_SEALER_URL to the role that seals")
    folder = Path(tempfile.mkdtemp(prefix="drill-", dir=settings.DATA_DIR))
    try:
        if settings.KEY_STORE_DIR.exists():
            shutil.copytree(settings.KEY_STORE_DIR, folder / "keys")
        with _database() as url:
            yield Scratch(folder, url)
    finally:
        shutil.rmtree(folder)


@contextmanager
def _database() -> Iterator[str]:
    named = settings.DRILL_DATABASE_URL
    if named:
        # Before all else: it is emptied at the end.
        refuse_unless_empty(named)
        try:
            yield named
        finally:
            _empty(named)
        return
    live = settings.DATABASE_OWNER_URL
    name = f"{database_of(live)}{_SUFFIX}"
    with psycopg.connect(live, autocommit=True) as owner:
        # Of a drill that died.
        drop_database(owner, name)
        try:
            owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            raise BackupRefusedError(
                "The owner role may make no database: set DRILL_DATABASE_URL to an "
                "empty one"
            ) from None
    try:
        yield with_database(live, name)
    finally:
        with psycopg.connect(live, autocommit=True) as owner:
            drop_database(owner, name)


def drop_database(owner: "psycopg.Connection[Any]", name: str) -> None:
    """Drop a database, if it is there, and with it the owner's own sessions in it.

    Not by force, which an owner may not use against the server's own vacuum; without
    it the server ends that by itself.
    """
    owner.execute(_END_SESSIONS, [name])
    statement = sql.SQL("DROP DATABASE IF EXISTS {}")
    owner.execute(statement.format(sql.Identifier(name)))


def _empty(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as owner:
        for (schema,) in owner.execute(_SCHEMAS).fetchall():
            owner.execute(
                sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema))
            )
        owner.execute("CREATE SCHEMA public")


def _as_role(url: str, role: Mapping[str, Any]) -> str:
    user, password = quote(str(role["USER"])), quote(str(role["PASSWORD"]))
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{user}:{password}@{place}").geturl()
