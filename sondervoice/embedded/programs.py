"""The product's processes and how each is started."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sondervoice.embedded.errors import EmbeddedError

_PYTHON: Final = (sys.executable, "-m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One process of the product.

    Attributes:
        address: What we tell people; empty for a process nobody calls.
        ready_port: Where it answers when it can be used; None if it listens nowhere.
        ready_path: What it is asked there.
        extra: What its environment has beyond everybody's.
        may_wait: It starts when the others are ready, and leaves them the processor.
    """

    name: str
    arguments: tuple[str, ...]
    address: str = ""
    ready_port: int | None = None
    ready_path: str = "/readyz"
    extra: Mapping[str, str] = field(default_factory=dict)
    may_wait: bool = False


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the product listens: web on `port`, media and the rest on the next ones."""

    host: str
    port: int

    @property
    def media_port(self) -> int:
        """The port of the carrier's media."""
        return self.port + 1

    @property
    def carrier_port(self) -> int:
        """The port of the demo's loopback carrier."""
        return self.port + 2

    @property
    def reachable_host(self) -> str:
        """A name for `host` that a client on this machine can use."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"[{host}]" if ":" in host else host

    @property
    def web_url(self) -> str:
        """Where a browser on this machine finds the product."""
        return f"http://{self.reachable_host}:{self.port}"

    @property
    def media_url(self) -> str:
        """Where the carrier's media finds it."""
        return f"ws://{self.reachable_host}:{self.media_port}"


def read_listen(environment: Mapping[str, str]) -> Listen:
    """Return HOST and PORT, by default 127.0.0.1 and 8000.

    Raises:
        EmbeddedError: If PORT is no port, or leaves none for the others.
    """
    text = environment.get("PORT") or "8000"
    if not (text.isdecimal() and 1 <= int(text) <= 65533):
        raise EmbeddedError(f"PORT must be a number from 1 to 65533, not {text!r}.")
    return Listen(environment.get("HOST") or "127.0.0.1", int(text))


def product(listen: Listen, *, has_redis: bool) -> list[Program]:
    """Return the processes of the product.

    Without Redis nothing carries messages between processes, so web, worker and beat
    share one; media stands apart in either case, for its loop must never wait.
    """
    apart = {} if has_redis else {"SV_ALL_IN_ONE": "1"}
    programs = [_web(listen, apart), _media(listen)]
    return [*programs, _worker(), _beat()] if has_redis else programs


def _web(listen: Listen, extra: Mapping[str, str]) -> Program:
    return Program(
        name="web",
        arguments=(
            *_uvicorn("sondervoice.asgi:application", listen.host, listen.port),
            "--ws=websockets-sansio",
            # An open page is told things and says nothing.
            "--ws-max-size=1024",
            "--ws-per-message-deflate=false",
        ),
        address=listen.web_url,
        ready_port=listen.port,
        extra=extra,
    )


def _media(listen: Listen) -> Program:
    return Program(
        name="media",
        arguments=(
            *_uvicorn("sondervoice.media_asgi:media", listen.host, listen.media_port),
            "--loop=uvloop",
            "--ws=sondervoice.media_socket:MediaSocket",
            "--ws-per-message-deflate=false",
            "--ws-max-size=65536",
        ),
        address=listen.media_url,
        ready_port=listen.media_port,
    )


def _worker() -> Program:
    celery = (*_PYTHON, "celery", "-A", "sondervoice.celery", "worker")
    quiet = ("--without-gossip", "--without-mingle", "--loglevel=WARNING")
    return Program(
        name="worker",
        arguments=(*celery, "-P", "threads", "--concurrency=4", *quiet),
        may_wait=True,  # jobs are rows and wait for it; pages and calls would not
    )


def _beat() -> Program:
    celery = (*_PYTHON, "celery", "-A", "sondervoice.celery", "beat")
    return Program(
        name="beat",
        arguments=(
            *celery,
            "--scheduler=celery.beat.Scheduler",  # in memory: the outbox remembers
            "--pidfile=",
            "--loglevel=WARNING",
        ),
        may_wait=True,  # its first tick is seconds away in any case
    )


def _uvicorn(application: str, host: str, port: int) -> tuple[str, ...]:
    return (
        *_PYTHON,
        "uvicorn",
        application,
        f"--host={host}",
        f"--port={port}",
        "--no-access-log",  # addresses hold one-time tokens
        # Who called is decided in `accounts.client_address`, by how many proxies there
        # are; uvicorn would believe whatever a client on this machine writes.
        "--no-proxy-headers",
        "--timeout-graceful-shutdown=8",
        # Its lines about sockets hold the address, and so the one-time token.
        "--log-level=warning",
    )
