"""Runs one command, the tests say, on services of its own that leave nothing behind."""

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
from sondervoice.embedded.services import start_services
from sondervoice.embedded.stopping import Stopping

GRACE_S: Final = 10.0
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
)


def run_with_services(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the command on a throw-away PostgreSQL, and Redis if there is one.

    The command is on our terminal, with Ctrl-C reaching it directly.

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
        layout = prepare(folder / "var")
        crew = Crew(stopping, guard, grace_s=GRACE_S)
        stack.callback(crew.stop)
        try:
            services = start_services(
                layout, crew, kept, pause=stopping.pause, throw_away=True
            )
        except StopAskedError:
            return 130
        exported = {
            "DJANGO_SETTINGS_MODULE": "sondervoice.settings.test",
            "TMPDIR": str(folder),  # what the tests forget there goes with it
            **services.exported,
        }
        if services.postgres is not None:
            exported["DATABASE_SUPERUSER_URL"] = services.postgres.superuser_url()
        return _run(arguments, kept | exported, stopping)


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
