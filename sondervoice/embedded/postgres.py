"""A PostgreSQL of our own: a child on a private socket, no TCP, passwords for all.

For the demo and the tests. In production the platform's PostgreSQL is named by
DATABASE_URL and its three siblings.
"""

import hashlib
import os
import shutil
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import psycopg

from sondervoice.embedded.binaries import Binaries, find_binaries
from sondervoice.embedded.cluster import (
    clean_environment,
    clear_leftovers,
    make_cluster,
    refuse_other_version,
)
from sondervoice.embedded.console import tail
from sondervoice.embedded.errors import EmbeddedError
from sondervoice.embedded.layout import Layout, make_folder, passable
from sondervoice.embedded.privileges import can_enter, unprivileged
from sondervoice.embedded.process import Process, end, spawn
from sondervoice.embedded.roles import (
    SUPERUSER,
    URL_NAMES,
    make_roles,
    role_url,
    role_urls,
)
from sondervoice.embedded.secrets import passwords, write_private
from sondervoice.embedded.sockets import socket_folder

START_S: Final = 60.0  # a crash under load is repaired from the log first
_SYSTEM_PLACE: Final = Path("/var/lib/sondervoice")
_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements and details may hold personal data; the log shall have neither.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_THROW_AWAY: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class Postgres:
    """One cluster under a DATA_DIR. The caller holds the lock on that folder.

    Args:
        throw_away: Trade safety for speed; the files will not be used again.
        pause: Waits some seconds, and may raise to end our waiting.
    """

    def __init__(
        self,
        layout: Layout,
        *,
        throw_away: bool = False,
        pause: Callable[[float], None] = time.sleep,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self.log = layout.logs / "postgres.log"
        self._pause = pause
        self._throw_away = throw_away
        self._identity = unprivileged()
        self.home = _home(layout)
        self.data = self.home / "data"
        self.sockets = socket_folder(self.home, self._identity)
        self.binaries: Binaries = find_binaries(self.home, self._identity, environment)
        self._passwords = _passwords(layout, self.data)

    def urls(self) -> dict[str, str]:
        """Return the URL of each role under its name in the environment."""
        return role_urls(self.sockets, self._passwords)

    def superuser_url(self) -> str:
        """Return the URL of whoever owns the server, for tests of what they cannot.

        The product is never given it.
        """
        return role_url(self.sockets, SUPERUSER, self._passwords[SUPERUSER])

    def start(self) -> Process:
        """Start the server, make what is missing, and return when it takes commands.

        Raises:
            EmbeddedError: If it does not come up, with its last words.
        """
        if not (self.data / "PG_VERSION").exists():
            make_cluster(
                self.data,
                binaries=self.binaries,
                identity=self._identity,
                password=self._passwords[SUPERUSER],
                lasting=not self._throw_away,
            )
        refuse_other_version(self.data, self.binaries)
        socket_lock = self.sockets / ".s.PGSQL.5432.lock"
        clear_leftovers(self.data, socket_lock, self._pause)
        process = self._spawn()
        try:
            with self._wait_for_connection(process) as connection:
                make_roles(connection, self._passwords)
        except BaseException:
            end(process, first=signal.SIGQUIT, grace_s=5)
            raise
        return process

    def _spawn(self) -> Process:
        settings = _SETTINGS | {"unix_socket_directories": str(self.sockets)}
        settings |= _THROW_AWAY if self._throw_away else {}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return spawn(
            [self.binaries.folder / "postgres", "-D", self.data, *options],
            environment=clean_environment(),
            log=self.log,
            folder=Path("/"),
            identity=self._identity,
            death_signal=signal.SIGINT,  # "fast": disconnect everybody, then stop
        )

    def _wait_for_connection(
        self, process: Process
    ) -> psycopg.Connection[tuple[object, ...]]:
        deadline = time.monotonic() + START_S
        while True:
            try:
                return psycopg.connect(
                    host=str(self.sockets),
                    user=SUPERUSER,
                    password=self._passwords[SUPERUSER],
                    dbname="postgres",
                    autocommit=True,
                    connect_timeout=5,
                )
            except psycopg.OperationalError as error:
                self._refuse_hopeless(process, error)
                if time.monotonic() > deadline:
                    raise EmbeddedError(
                        f"PostgreSQL took more than {START_S:.0f} s: see {self.log}."
                    ) from None
            self._pause(0.02)

    def _refuse_hopeless(
        self, process: Process, error: psycopg.OperationalError
    ) -> None:
        if process.poll() is not None:
            raise EmbeddedError(
                f"PostgreSQL stopped while starting, see {self.log}:\n{tail(self.log)}"
            ) from None
        if "password authentication failed" in str(error):
            raise EmbeddedError(
                f"The passwords of {self.home} are lost: "
                "restore the folder `secrets`, or choose another DATA_DIR."
            ) from None


def _home(layout: Layout) -> Path:
    """Return the folder of the cluster, where the user that it runs as can reach it.

    Root may keep DATA_DIR in a folder that others cannot enter, its own home say. The
    folders above are not ours to open, so the cluster then lives in a system folder,
    bound to this DATA_DIR by a token: a new DATA_DIR of the same name begins anew.
    """
    home, identity = layout.postgres, unprivileged()
    make_folder(home, mode=passable())
    if identity is None or can_enter(home, identity):
        return home
    token = layout.secrets / "cluster_token"
    if not token.exists():
        write_private(token, os.urandom(16).hex().encode())
    name = hashlib.sha256(os.fsencode(layout.data_dir)).hexdigest()[:12]
    home = _SYSTEM_PLACE / name
    bound = home / "token"
    if home.exists() and not (
        bound.exists() and bound.read_bytes() == token.read_bytes()
    ):
        shutil.rmtree(home)
    for folder in (_SYSTEM_PLACE, home):
        make_folder(folder, mode=passable())
    write_private(bound, token.read_bytes())
    return home


def _passwords(layout: Layout, data: Path) -> dict[str, str]:
    path = layout.secrets / "postgres.json"
    if data.exists() and not path.exists():
        raise EmbeddedError(
            f"{path} is missing, so {data} cannot be opened: "
            "restore it, or choose another DATA_DIR."
        )
    return passwords(path, (SUPERUSER, *URL_NAMES))
