"""Runs the whole product on embedded services: `make up` and `make demo`.

The order of a start: lock, ports, services, migrations, processes, readiness. The
order of a stop is the reverse, and it is the same after Ctrl-C, SIGTERM and an error.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sondervoice.embedded.console import say
from sondervoice.embedded.crew import Child, Crew
from sondervoice.embedded.environment import publish, read_dotenv
from sondervoice.embedded.errors import StopAskedError
from sondervoice.embedded.guard import guarded
from sondervoice.embedded.layout import REPOSITORY, Layout, data_dir, prepare
from sondervoice.embedded.lock import exclusive
from sondervoice.embedded.loopback import (
    carrier_environment,
    carrier_program,
    is_wanted,
)
from sondervoice.embedded.migrating import migrate
from sondervoice.embedded.process import Process, spawn
from sondervoice.embedded.programs import Listen, Program, product, read_listen
from sondervoice.embedded.readiness import refuse_taken_ports, wait_until_ready
from sondervoice.embedded.services import start_services
from sondervoice.embedded.stopping import Stopping

GRACE_S: Final = 12.0
_TEND_EVERY_S: Final = 1.0  # a child's end wakes us at once; this is for restarts


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a supervisor runs beside the services.

    Attributes:
        programs: Makes the product's processes.
        prepare: Brings the database up to date.
        has_carrier: Start a loopback carrier, unless another is named.
        visitor: A command run once the product is ready, on our terminal.
        visitor_name: What we call it when it fails.
        ends_with_visitor: Stop then, with its exit code.
        folder: Where processes run.
    """

    programs: Callable[[Listen, bool], Sequence[Program]]
    prepare: Callable[..., None] = migrate
    has_carrier: bool = False
    visitor: tuple[str, ...] = ()
    visitor_name: str = "The demo call"
    ends_with_visitor: bool = False
    folder: Path = REPOSITORY


def product_plan(*, is_demo: bool, environment: Mapping[str, str]) -> Plan:
    """Return the plan of `make up`, or with the call of `make demo`."""
    is_once = is_demo and environment.get("DEMO_ONCE", "") not in {"", "0"}
    visitor = (sys.executable, "manage.py", "demo_call", *(["--once"] * is_once))
    return Plan(
        programs=lambda listen, has_redis: product(listen, has_redis=has_redis),
        has_carrier=is_demo and is_wanted(environment),
        visitor=visitor if is_demo else (),
        ends_with_visitor=is_once,
    )


def product_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment completed from `.env`; what is set already wins."""
    return {**read_dotenv(REPOSITORY / ".env"), **environment}


def run_product(plan: Plan, environment: Mapping[str, str]) -> int:
    """Run until we are asked to stop; returns the exit code.

    Raises:
        EmbeddedError: If the product cannot start or keep running. Nothing is left
            behind in any case.
    """
    layout = prepare(data_dir(environment))
    listen = read_listen(environment)
    with ExitStack() as stack:
        stopping = stack.enter_context(Stopping())
        try:
            lock = stack.enter_context(exclusive(layout.lock, pause=stopping.pause))
            guard = stack.enter_context(guarded(lock))
            stack.callback(layout.environment.unlink, missing_ok=True)
            crew = Crew(stopping, guard, grace_s=GRACE_S)
            stack.callback(crew.stop)
            refuse_taken_ports(listen.host, _ports(plan, listen))
            running = _Running(plan, layout, listen, crew, stopping)
            running.start(environment)
            return running.stay()
        except StopAskedError:
            say("Stopping …")
            return 0


class _Running:
    """One run of the product, from the services to the last wait."""

    def __init__(
        self, plan: Plan, layout: Layout, listen: Listen, crew: Crew, stopping: Stopping
    ) -> None:
        self._plan = plan
        self._layout = layout
        self._listen = listen
        self._crew = crew
        self._pause = stopping.pause
        self._visitor: Child | None = None

    def start(self, environment: Mapping[str, str]) -> None:
        """Start everything in order, and return when it is ready."""
        services = start_services(
            self._layout, self._crew, environment, pause=self._pause
        )
        defaults = _defaults(self._listen)
        chosen = {name: environment.get(name) or defaults[name] for name in defaults}
        exported = {**services.exported, **chosen, **self._carrier()}
        # Logs and the visitor's lines shall be seen as they are written.
        complete = {**environment, **exported, "PYTHONUNBUFFERED": "1"}
        self._plan.prepare(self._layout, services.postgres, complete, self._pause)
        publish(self._layout, exported)
        self._start_programs(complete)
        if self._plan.visitor:
            self._invite(complete)
        else:
            say(f"Running; logs in {self._layout.logs}; Ctrl-C stops it")

    def _carrier(self) -> dict[str, str]:
        if not self._plan.has_carrier:
            return {}
        return carrier_environment(self._layout, self._listen)

    def _start_programs(self, environment: Mapping[str, str]) -> None:
        programs = self._plan.programs(self._listen, bool(environment.get("REDIS_URL")))
        if self._plan.has_carrier:
            programs = [carrier_program(self._layout, self._listen), *programs]
        first = [program for program in programs if not program.may_wait]
        later = [program for program in programs if program.may_wait]
        self._crew.start(*(self._child(program, environment) for program in first))
        wait_until_ready(
            programs,
            self._listen,
            check_alive=self._crew.check_alive,
            pause=self._pause,
        )
        self._crew.start(*(self._child(program, environment) for program in later))

    def stay(self) -> int:
        """Keep all alive until we are asked to stop or the visitor's end is ours."""
        while True:
            self._crew.tend()
            code = self._visitor_has_left()
            if code is not None and self._plan.ends_with_visitor:
                return code
            if code is not None:
                say(f"Running on {self._listen.web_url}; Ctrl-C stops it")
            self._pause(_TEND_EVERY_S)

    def _child(self, program: Program, environment: Mapping[str, str]) -> Child:
        log = self._layout.logs / f"{program.name}.log"

        def launch() -> Process:
            return spawn(
                program.arguments,
                environment={**environment, **program.extra},
                log=log,
                folder=self._plan.folder,
            )

        return Child(name=program.name, launch=launch, log=log)

    def _invite(self, environment: Mapping[str, str]) -> None:
        def launch() -> Process:
            return spawn(
                self._plan.visitor,
                environment=environment,
                log=None,
                folder=self._plan.folder,
            )

        name = self._plan.visitor_name
        log = self._layout.logs / "web.log"  # where to look when the visit fails
        self._visitor = Child(name=name, launch=launch, log=log, is_visitor=True)
        self._crew.start(self._visitor)

    def _visitor_has_left(self) -> int | None:
        """Return its exit code, as a shell counts it, once; None while it stays."""
        if self._visitor is None or self._visitor.process is None:
            return None
        code = self._visitor.process.poll()
        if code is None:
            return None
        visitor, self._visitor = self._visitor, None
        if code != 0:
            say(
                f"{visitor.name} failed (exit code {code}); logs in {self._layout.logs}"
            )
        return code if code >= 0 else 128 - code


def _ports(plan: Plan, listen: Listen) -> list[int]:
    ports = [listen.port, listen.media_port]
    return [*ports, listen.carrier_port] if plan.has_carrier else ports


def _defaults(listen: Listen) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "sondervoice.settings.dev",
        "HOST": listen.host,
        "PORT": str(listen.port),
        "PUBLIC_BASE_URL": listen.web_url,
        "MEDIA_BASE_URL": listen.media_url,
    }
