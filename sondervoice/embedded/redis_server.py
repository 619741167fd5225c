"""A Redis of our own where `redis-server` or `valkey-server` is on PATH.

It holds nothing that must last: the outbox in PostgreSQL is the guarantee, Redis the
nudge. So nothing is written to disk.
"""

import shutil
import socket
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from sondervoice.embedded.cluster import clean_environment
from sondervoice.embedded.console import tail
from sondervoice.embedded.errors import EmbeddedError
from sondervoice.embedded.layout import Layout
from sondervoice.embedded.process import Process, spawn
from sondervoice.embedded.sockets import socket_folder

START_S: Final = 10.0
_PROGRAMS: Final = ("redis-server", "valkey-server")


def find_program() -> Path | None:
    """Return the server on PATH, or None."""
    found = (shutil.which(name) for name in _PROGRAMS)
    return next((Path(path) for path in found if path), None)


class RedisServer:
    """One server on a socket of mode 0700 and no port. The caller holds the lock.

    `pause` waits some seconds, and may raise to end our waiting.
    """

    def __init__(
        self,
        layout: Layout,
        program: Path,
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.log = layout.logs / "redis.log"
        self._home = layout.redis
        self._program = program
        self._pause = pause
        self.socket = socket_folder(layout.redis) / "redis.sock"

    @property
    def url(self) -> str:
        """The URL as Celery wants it; `settings.env.redis_client_url` turns it."""
        return f"redis+socket://{self.socket}"

    def start(self) -> Process:
        """Start the server and return when it answers.

        Raises:
            EmbeddedError: If it does not come up, with its last words.
        """
        self.socket.unlink(missing_ok=True)
        process = spawn(
            [self._program, *self._options()],
            environment=clean_environment(),
            log=self.log,
            folder=self._home,
        )
        deadline = time.monotonic() + START_S
        while not self.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedError(
                    f"{self._program} does not start, see {self.log}:\n{tail(self.log)}"
                )
            self._pause(0.02)
        return process

    def answers(self) -> bool:
        """Tell whether the server replies to PING."""
        with closing(socket.socket(socket.AF_UNIX)) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def _options(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self._home),
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
            "loglevel": "warning",
        }
        return [
            part for name, value in settings.items() for part in (f"--{name}", value)
        ]
