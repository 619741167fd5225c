"""A place of its own for a drill: a database, recordings, keys; gone at its end."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, LiteralString
from urllib.parse import quote, urlsplit

import psycopg
from django.conf import settings
from psycopg import sql

from compliance.backups.errors import BackupRefusedError, DrillRunsError
from compliance.backups.programs import database_of, with_database
from compliance.backups.services.restore_database import refuse_unless_empty
from compliance.keys.files import give_to_owner
from compliance.keys.services.copy_key_store import copy_keys

_SUFFIX: Final = "_drill"
_PREFIX: Final = "drill-"
# As `mkdtemp` names them.
_FOLDER: Final = re.compile(rf"{_PREFIX}[a-z0-9_]{{8}}")
_KEYS: Final = "keys"
_LOCK: Final = ".drill.lock"
# A schema that stands in a database somebody named as long as a drill is in it: what
# has it is a drill's, and may be emptied.
_MARK: Final = sql.Identifier("sondervoice_drill")
_IS_MARKED: Final[LiteralString] = """
SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'sondervoice_drill')"""
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
            "KEY_STORE_DIR": str(self.folder / _KEYS),
            "DATABASE_OWNER_URL": self.url,
            "DATABASE_SEALER_URL": _as_role(self.url, settings.DATABASES["sealer"]),
        }


@contextmanager
def scratch() -> Iterator[Scratch]:
    """Make the place, with a copy of the keys as they are now, and take it away.

    What a drill that was killed left goes first.

    Raises:
        BackupRefusedError: If there is no database for it and none can be made, or
            another drill runs.
    """
    if "sealer" not in settings.DATABASES:
        raise BackupRefusedError("Set DATABASE_SEALER_URL to the role that seals")
    with _alone():
        _clear()
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=settings.DATA_DIR))
        try:
            copy_keys(settings.KEY_STORE_DIR, folder / _KEYS)
            with _database() as url:
                yield Scratch(folder, url)
        finally:
            shutil.rmtree(folder)


def clear_left() -> int:
    """Take away what drills that were killed left on this machine; return how many.

    Raises:
        DrillRunsError: If one runs: what is there is its own.
        BackupRefusedError: If their database cannot be reached; their keys are gone.
    """
    if not _left():
        return 0
    with _alone():
        return _clear()


@contextmanager
def _alone() -> Iterator[None]:
    lock = settings.DATA_DIR / _LOCK
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        # What root makes the worker must be able to open.
        with suppress(PermissionError):
            give_to_owner(descriptor, settings.DATA_DIR)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if isinstance(error, BlockingIOError):
            raise DrillRunsError("Another drill runs") from None
        raise
    try:
        yield
    finally:
        os.close(descriptor)


def _left() -> list[Path]:
    return [
        path
        for path in settings.DATA_DIR.glob(f"{_PREFIX}*")
        if _FOLDER.fullmatch(path.name) and path.is_dir()
    ]


def _clear() -> int:
    """Keys go first; the folder goes last, for it tells that a database is left."""
    left = _left()
    inside = [path for folder in left for path in folder.iterdir()]
    for path in sorted(inside, key=lambda one: one.name != _KEYS):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    if left:
        _drop_left()
    for folder in left:
        folder.rmdir()
    return len(left)


def _drop_left() -> None:
    named, live = settings.DRILL_DATABASE_URL, settings.DATABASE_OWNER_URL
    if named:
        with psycopg.connect(named) as owner:
            ((is_marked,),) = owner.execute(_IS_MARKED).fetchall()
        if is_marked:
            _empty(named)
    elif live:
        with psycopg.connect(live, autocommit=True) as owner:
            drop_database(owner, f"{database_of(live)}{_SUFFIX}")
    else:
        raise BackupRefusedError(
            "A drill was killed: set DATABASE_OWNER_URL, so that its database can go"
        )


@contextmanager
def _database() -> Iterator[str]:
    named, live = settings.DRILL_DATABASE_URL, settings.DATABASE_OWNER_URL
    if named:
        # Before all else: it is emptied at the end.
        refuse_unless_empty(named)
        try:
            with psycopg.connect(named) as owner:
                owner.execute(sql.SQL("CREATE SCHEMA {}").format(_MARK))
            yield named
        finally:
            _empty(named)
        return
    name = f"{database_of(live)}{_SUFFIX}"
    with psycopg.connect(live, autocommit=True) as owner:
        # Of a drill that died on another machine.
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
