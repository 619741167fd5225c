"""Runs one command, the tests say, on services of its own that leave nothing behind."""

import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from sondervoice.embedded.console import say
from sondervoice.embedded.crew import Crew
from sondervoice.embedded.errors import StopAskedError
from sondervoice.embedded.guard import Guard, guarded
from sondervoice.embedded.layout import REPOSITORY, prepare
from sondervoice.embedded.process import Process, run_on_terminal
from sondervoice.embedded.services import Services, start_services
from sondervoice.embedded.stopping import Stopping

GRACE_S: Final = 10.0
# What each server is called, as JSON: a list of names and values of the environment.
SERVERS: Final = "SONDERVOICE_TEST_SERVERS"
# What a developer's shell may name, and a test must not meet.
_NOT_FOR_TESTS: Final = (
    "DATABASE_",
    "REDIS_URL",
    "SECRET_KEY",
    "KEYRING_PATH",
    "LEDGER_",
    "KMS_",
    "RECORDINGS_",
    "AWS_",
    "BACKUP_",
    "DRILL_",
    "ERASURE_",
    # Each of the many processes would compile everything anew.
    "PYTHONDONTWRITEBYTECODE",
)


def run_with_services(
    arguments: Sequence[str], environment: Mapping[str, str], *, servers: int = 1
) -> int:
    """Run the command on a throw-away PostgreSQL, and Redis if there is one.

    The command is on our terminal, with Ctrl-C reaching it directly.

    Args:
        servers: How many PostgreSQL servers there are. The command finds the first one
            as ever, and all of them in `SERVERS`.

    Returns:
        Its exit code, as a shell counts it.

    Raises:
        EmbeddedError: If a service does not come up.
    """
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith(_NOT_FOR_TESTS)
    }
    with ExitStack() as stack:
        stopping = stack.enter_context(Stopping())
        guard = stack.enter_context(guarded())
        folder = stack.enter_context(_folder(guard))
        crew = Crew(stopping, guard, grace_s=GRACE_S)
        stack.callback(crew.stop)
        try:
            made = _start(servers, folder, crew, kept, stopping)
        except StopAskedError:
            return 130
        exported = {
            "DJANGO_SETTINGS_MODULE": "sondervoice.settings.test",
            "TMPDIR": str(folder),  # what the tests forget there goes with it
            SERVERS: json.dumps(made),
            **made[0],
        }
        return _run(arguments, kept | exported, stopping)


def _start(
    servers: int,
    folder: Path,
    crew: Crew,
    environment: Mapping[str, str],
    stopping: Stopping,
) -> list[dict[str, str]]:
    """Start the servers; they share one Redis. Return what each one is called."""
    made: list[dict[str, str]] = []
    known = dict(environment)
    for number in range(servers):
        layout = prepare(folder / f"var{number}")
        services = start_services(
            layout, crew, known, pause=stopping.pause, throw_away=True
        )
        made.append(_names(services))
        if "REDIS_URL" in services.exported:
            known["REDIS_URL"] = services.exported["REDIS_URL"]
    return made


def _names(services: Services) -> dict[str, str]:
    if services.postgres is None:
        return dict(services.exported)
    superuser = services.postgres.superuser_url()
    return {**services.exported, "DATABASE_SUPERUSER_URL": superuser}


@contextmanager
def _folder(guard: Guard) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="sv-test-"))
    guard.remove_at_end(folder)
    if os.geteuid() == 0:
        folder.chmod(0o711)  # for the user PostgreSQL runs as
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(
    arguments: Sequence[str], environment: Mapping[str, str], stopping: Stopping
) -> int:
    process = run_on_terminal(arguments, environment=environment, folder=REPOSITORY)
    while process.poll() is None and not stopping.asked:
        stopping.rest(1.0)
    if process.poll() is None:
        _wait_or_end(process, stopping)
    code = process.returncode
    return code if code >= 0 else 128 - code


def _wait_or_end(process: Process, stopping: Stopping) -> None:
    """Let Ctrl-C, which the command got too, work; end it otherwise."""
    if stopping.last is not signal.SIGINT:
        process.terminate()
    while process.poll() is None and stopping.asked < 2:
        stopping.rest(1.0)
    if process.poll() is None:
        say("Killing the command")
        process.kill()
    process.wait()
