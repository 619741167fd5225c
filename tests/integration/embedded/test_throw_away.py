import os
import signal
from pathlib import Path

from tests.integration.embedded.running import (
    processes_naming,
    running,
    seen_off,
)

SHOW = (
    "import os, sys; "
    "print('folder', os.environ['DATA_DIR'], flush=True); "
    "print('names', *sorted(n for n in os.environ if n.startswith('DATABASE')), "
    "flush=True); "
)


def folder_of(line: str) -> Path:
    return Path(line.split()[1]).parent


class TestRunWithServices:
    def test_gives_the_command_four_databases_and_hands_on_its_exit_code(self):
        command = (SHOW + "sys.exit(5)",)
        with running(
            "-m", "sondervoice.embedded", "run", "--", "python3", "-c", *command,
            environment={"DATABASE_URL": "postgresql://somebody@elsewhere/precious"},
        ) as run:  # fmt: skip
            folder = folder_of(run.read_until("folder"))
            names = run.read_until("names")

            assert run.end() == 5

        assert names == (
            "names DATABASE_OPERATOR_URL DATABASE_OWNER_URL "
            "DATABASE_SEALER_URL DATABASE_STATISTICS_URL DATABASE_SUPERUSER_URL "
            "DATABASE_URL"
        )
        assert not folder.exists()
        assert processes_naming(str(folder)) == []

    def test_leaves_nothing_when_it_is_killed(self):
        command = (SHOW + "import signal; signal.pause()",)
        with running(
            "-m", "sondervoice.embedded", "run", "--", "python3", "-c", *command,
            environment={},
        ) as run:  # fmt: skip
            folder = folder_of(run.read_until("folder"))
            watchdog = processes_naming("watchdog.py")

            with seen_off(
                processes_naming(str(folder)) + own(watchdog, run.process.pid)
            ):
                run.process.kill()

        assert not folder.exists()

    def test_passes_sigterm_on(self):
        command = (SHOW + "import signal; signal.pause()",)
        with running(
            "-m", "sondervoice.embedded", "run", "--", "python3", "-c", *command,
            environment={},
        ) as run:  # fmt: skip
            folder = folder_of(run.read_until("folder"))

            run.process.send_signal(signal.SIGTERM)

            assert run.end() == 128 + signal.SIGTERM
        assert not folder.exists()

    def test_asks_what_to_run(self):
        with running("-m", "sondervoice.embedded", "run", environment={}) as run:
            assert run.end() == 1

        assert run.lines == ["Say what to run: python -m sondervoice.embedded run -- …"]


def own(pids: list[int], parent: int) -> list[int]:
    """Return those of the processes that this parent started."""
    found = []
    for pid in pids:
        stat = Path(f"/proc/{pid}/stat").read_text()
        if int(stat.rpartition(")")[2].split()[1]) == parent:
            found.append(pid)
    assert found, f"process {parent} has no watchdog, says process {os.getpid()}"
    return found
