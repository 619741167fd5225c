"""Starts the servers that are measured, each on the processor it is given."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.machine import go_first
from sondervoice.embedded.layout import REPOSITORY
from sondervoice.embedded.programs import Listen, product

HOST: Final = "127.0.0.1"
READY_WITHIN_S: Final = 60.0
STOPS_WITHIN_S: Final = 20.0


class BrokenError(Exception):
    """What was measured did not do its part; the others can still be measured."""


class NotReadyError(BrokenError):
    """A server did not come up."""


@dataclass(frozen=True, slots=True)
class Server:
    """One that answers."""

    pid: int
    port: int


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def command_of(name: str, application: str, port: int) -> list[str]:
    """Return how the product starts its process `name`, with another application."""
    programs = product(Listen(HOST, port), has_redis=True)
    program = next(program for program in programs if program.name == name)
    arguments = list(program.arguments)
    place = next(at for at, word in enumerate(arguments) if ":" in word)
    arguments[place] = application
    at = next(at for at, word in enumerate(arguments) if word.startswith("--port="))
    arguments[at] = f"--port={port}"
    return arguments


def as_peer(python: Path, arguments: Sequence[str]) -> list[str]:
    """Return the command for another environment, with uvicorn's own WebSocket."""
    plain = "--ws=websockets-sansio"
    others = [plain if word.startswith("--ws=") else word for word in arguments[1:]]
    return [str(python), *others]


@contextmanager
def serving(
    arguments: Sequence[str],
    *,
    port: int,
    environment: Mapping[str, str],
    core: int | None,
    log: Path,
) -> Iterator[Server]:
    """Run a server on one processor until the block ends.

    Raises:
        NotReadyError: If it does not answer within a minute.
    """
    with log.open("wb") as lines:
        process = subprocess.Popen(
            list(arguments),
            env={**os.environ, **environment},
            cwd=REPOSITORY,
            stdout=lines,
            stderr=subprocess.STDOUT,
        )
    try:
        if core is not None:
            os.sched_setaffinity(process.pid, {core})
        go_first(process.pid)
        _wait_until_ready(process, port, log)
        yield Server(process.pid, port)
    finally:
        _stop(process)


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not _is_ready(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise NotReadyError(log.read_text(encoding="utf-8")[-2000:])
        time.sleep(0.05)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
