"""The whole product as processes of its own, to be killed one by one."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import redis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recordings.spool import PIECE_MS, SEALED_BYTES
from sondervoice.embedded.layout import REPOSITORY, prepare
from sondervoice.embedded.postgres import Postgres
from sondervoice.embedded.process import Process, end
from sondervoice.embedded.sockets import socket_folder
from tests.fakes.telnyx.call import CarrierCall
from tests.fakes.telnyx.webhooks import Signer

# All else in our environment is this test run's own, and not the product's business.
_KEPT = ("PATH", "HOME", "TMPDIR", "SV_PGBIN", "PYTHONPATH")
# Beside other tests the migrations alone take three quarters of a minute.
STARTS_WITHIN_S = 180.0
LOOK_EVERY_S = 0.05


class Product:
    """What `make up` runs, on a PostgreSQL of its own that a test may stop.

    Attributes:
        carrier_port: Where the product expects its carrier, which believes `key`.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self._data = folder / "product"
        self._port = port
        self.carrier_port = port + 2
        self.key = Ed25519PrivateKey.generate()
        self._postgres = Postgres(prepare(folder / "database"), throw_away=True)
        self._server: Process | None = None
        self._supervisor: subprocess.Popen[str] | None = None
        self._listener: threading.Thread | None = None
        self._lines: list[str] = []
        self._is_running = threading.Event()

    @property
    def webhook(self) -> str:
        """Return where the carrier posts."""
        return f"http://127.0.0.1:{self._port}/webhooks/telnyx/"

    def start(self) -> None:
        """Start all, and return when the product runs and its worker takes jobs."""
        self.start_database()
        self._supervisor = subprocess.Popen(
            [sys.executable, "-m", "sondervoice.embedded", "up"],
            env=self._environment(),
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        assert self._is_running.wait(STARTS_WITHIN_S), self._lines
        # It starts last; until then a call rings, and a caller does so for 15 s only.
        assert self._worker_waits(), self._lines

    def stop(self) -> None:
        """Stop all."""
        if self._supervisor is not None:
            self._supervisor.terminate()
            self._supervisor.wait(30)
            if self._listener is not None:
                self._listener.join(10)
            assert self._supervisor.stdout is not None
            self._supervisor.stdout.close()
        self.stop_database()

    def start_database(self) -> None:
        """Start PostgreSQL, and return when it takes commands."""
        self._server = self._postgres.start()

    def stop_database(self) -> None:
        """Stop PostgreSQL, cutting every connection."""
        if self._server is not None:
            end(self._server, first=signal.SIGINT, grace_s=10)
            self._server = None

    @contextmanager
    def without_restarts(self) -> Iterator[None]:
        """Keep the supervisor from starting again what is killed in the block."""
        assert self._supervisor is not None
        self._supervisor.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._supervisor.send_signal(signal.SIGCONT)

    def kill(self, words: str) -> None:
        """Kill the process of the product whose command line holds the words."""
        (pid,) = (pid for pid in self._pids() if words in _command_line(pid))
        os.kill(pid, signal.SIGKILL)

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return rows of the database, as its owner sees them."""
        url = self._postgres.urls()["DATABASE_OWNER_URL"]
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            return connection.execute(question, values).fetchall()

    def call(self, call: CarrierCall, columns: str) -> tuple[Any, ...] | None:
        """Return columns of the call's row, or None before there is one."""
        rows = self.ask(
            f"SELECT {columns} FROM telephony_call WHERE carrier_call_id = %s",  # noqa: S608
            call.control_id,
        )
        return rows[0] if rows else None

    def story(self, call: CarrierCall) -> str:
        """Return what became of the call, for a test that waited in vain."""
        sent = call.courier.sent
        return "\n".join(
            (
                f"the call (status, end): {self.call(call, 'status, end_reason')}",
                f"commands: {call.actions}",
                f"webhooks: {[(one.event_type, one.status) for one in sent]}",
                f"against the protocol: {call.all_problems()}",
                *self._lines[-40:],
            )
        )

    def spooled_ms(self) -> int:
        """Return up to which moment of the newest call sound is in its file."""
        spools = list((self._data / "spool").glob("*/*.spool"))
        newest = max(spools, key=lambda path: path.stat().st_mtime, default=None)
        return newest.stat().st_size // SEALED_BYTES * PIECE_MS if newest else 0

    def _worker_waits(self) -> bool:
        """Return whether a worker came to listen for jobs; without Redis, web does."""
        socket = socket_folder(prepare(self._data).redis) / "redis.sock"
        deadline = time.monotonic() + STARTS_WITHIN_S
        with closing(redis.Redis(unix_socket_path=str(socket))) as client:
            while socket.exists() and time.monotonic() < deadline:
                if any(one["cmd"] == "brpop" for one in client.client_list()):
                    return True
                time.sleep(LOOK_EVERY_S)
        return not socket.exists()

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return (
            kept
            | self._postgres.urls()
            | {
                "DATA_DIR": str(self._data),
                "PORT": str(self._port),
                "HOST": "127.0.0.1",
                "TELNYX_API_BASE": f"http://127.0.0.1:{self.carrier_port}/v2",
                "TELNYX_API_KEY": "KEY-of-the-journeys",
                "TELNYX_PUBLIC_KEY": Signer(self.key).public_key,
            }
        )

    def _listen(self) -> None:
        assert self._supervisor is not None
        assert self._supervisor.stdout is not None
        for line in self._supervisor.stdout:
            self._lines.append(line.rstrip())
            if line.startswith("Running"):
                self._is_running.set()

    def _pids(self) -> Iterator[int]:
        mark = f"DATA_DIR={self._data}".encode()
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                with suppress(OSError):
                    if mark in (entry / "environ").read_bytes().split(b"\0"):
                        yield int(entry.name)


@contextmanager
def running_product(folder: Path, port: int) -> Iterator[Product]:
    """Run the product until the block is left."""
    product = Product(folder, port)
    try:
        product.start()
        yield product
    finally:
        product.stop()


def _command_line(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    return " ".join(word.decode() for word in words)


async def until(is_so: Callable[[], Any], *, within_s: float) -> float:
    """Wait on a thread's answer until it is yes; return how long that took."""
    began = time.monotonic()
    async with asyncio.timeout(within_s):
        # The rows and files that are looked at tell nobody when they change.
        while not await asyncio.to_thread(is_so):  # noqa: ASYNC110
            await asyncio.sleep(LOOK_EVERY_S)
    return time.monotonic() - began
