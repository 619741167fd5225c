"""Before the start: are the ports free? After it: does each process answer?"""

import http.client
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Final

from sondervoice.embedded.console import say
from sondervoice.embedded.errors import EmbeddedError
from sondervoice.embedded.programs import Listen, Program

READY_S: Final = 60.0


def refuse_taken_ports(host: str, ports: Iterable[int]) -> None:
    """Make sure that we can listen there.

    Raises:
        EmbeddedError: If they cannot, with another port to try.
    """
    for port in ports:
        try:
            _bind(host, port)
        except socket.gaierror:
            raise EmbeddedError(
                f"HOST {host!r} is no address of this machine."
            ) from None
        except OSError as error:
            raise EmbeddedError(
                f"Port {port} on {host} cannot be used ({error.strerror}): "
                "stop what listens there, or choose another, PORT=8100 make up."
            ) from None


def _bind(host: str, port: int) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with closing(socket.socket(family, kind, protocol)) as probe:
        # As uvicorn does: connections of the last run in TIME_WAIT are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


def wait_until_ready(
    programs: Iterable[Program],
    listen: Listen,
    *,
    check_alive: Callable[[], None],
    pause: Callable[[float], None],
) -> None:
    """Wait until each program answers, and say so, one line each.

    Raises:
        EmbeddedError: If one stops, or is not ready after a minute.
    """
    started = time.monotonic()
    for program in programs:
        if program.ready_port is None:
            continue
        while (answer := _ask(listen, program.ready_port, program.ready_path)) != "200":
            check_alive()
            if time.monotonic() - started > READY_S:
                raise EmbeddedError(
                    f"{program.name} was not ready after {READY_S:.0f} s "
                    f"(its {program.ready_path} says {answer}): see its log."
                )
            pause(0.05)
        seconds = time.monotonic() - started
        say(f"{program.name} ready on {program.address} ({seconds:.1f} s)")
    check_alive()


def _ask(listen: Listen, port: int, path: str) -> str:
    host = listen.reachable_host.strip("[]")
    with closing(http.client.HTTPConnection(host, port, timeout=2)) as connection:
        try:
            connection.request("GET", path)
            return str(connection.getresponse().status)
        except (OSError, http.client.HTTPException):
            return "nothing"
