import http.client
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from sondervoice.embedded.cluster import occupants
from sondervoice.embedded.environment import running as published
from tests.integration.embedded.running import (
    Run,
    processes_naming,
    running,
    seen_off,
)


@pytest.fixture
def settings(data_dir: Path, port: int) -> dict[str, str]:
    return {
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "HOST": "127.0.0.1",
        # Named, hence not started: these tests are about processes.
        "DATABASE_URL": "postgresql://nobody@/nothing",
        "REDIS_URL": "redis://127.0.0.1:1",
    }


@contextmanager
def stand_in(settings: dict[str, str], *words: str) -> Iterator[Run]:
    module = "tests.integration.embedded.stand_in"
    with running("-m", module, *words, environment=settings) as run:
        yield run


def crash(port: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as client:
        client.request("GET", "/exit")
        with pytest.raises(http.client.RemoteDisconnected):
            client.getresponse()


class TestRunProduct:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
    def test_tells_what_is_ready_and_leaves_nothing_when_asked_to_stop(
        self, settings, data_dir, port, number
    ):
        with stand_in(settings) as run:
            web = run.read_until("web ready")
            media = run.read_until("media ready")
            run.read_until("Running")
            assert len(processes_naming(str(data_dir))) == 4

            run.process.send_signal(number)

            assert run.end() == 0
        assert web.startswith(f"web ready on http://127.0.0.1:{port} (")
        assert media.startswith(f"media ready on http://127.0.0.1:{port + 1} (")
        assert processes_naming(str(data_dir)) == []
        assert not (data_dir / "run" / "env.json").exists()

    def test_leaves_nothing_when_it_is_killed_itself(self, settings, data_dir):
        with stand_in(settings) as run:
            run.read_until("Running")

            with seen_off(processes_naming(str(data_dir))):
                run.process.kill()

        assert processes_naming(str(data_dir)) == []

    def test_starts_anew_at_once_after_it_was_killed(self, settings):
        with stand_in(settings) as first:
            first.read_until("Running")
            first.process.kill()
            first.end()

            with stand_in(settings) as second:
                second.read_until("Running")

                second.process.terminate()

                assert second.end() == 0

    def test_kills_the_stubborn_when_asked_twice(self, settings, data_dir):
        with stand_in(settings, "stubborn") as run:
            run.read_until("Running")

            run.process.terminate()
            run.read_until("Stopping")
            run.process.terminate()

            assert run.end() == 0
        assert run.lines[-2:] == [
            "web did not stop in time and is killed",
            "media did not stop in time and is killed",
        ]
        assert processes_naming(str(data_dir)) == []

    def test_starts_again_what_has_crashed_and_says_so(self, settings, data_dir, port):
        with stand_in(settings) as run:
            run.read_until("Running")

            crash(port + 1)

            assert run.read_until("media stopped") == (
                "media stopped by itself (exit code 7): starting it again in 0.5 s; "
                f"its log is {data_dir}/logs/media.log"
            )
            run.read_until("media started again")
            run.process.terminate()
            assert run.end() == 0

    def test_starts_the_database_again_when_it_is_killed(self, settings, data_dir):
        del settings["DATABASE_URL"]
        with stand_in(settings) as run:
            run.read_until("Running")
            url = published(data_dir)["DATABASE_URL"]
            data = data_dir / "postgres" / "data"
            postmaster = int((data / "postmaster.pid").read_text().split()[0])

            os.kill(postmaster, signal.SIGKILL)

            run.read_until("postgres stopped by itself (signal SIGKILL)")
            run.read_until("postgres started again")
            with psycopg.connect(url) as connection:
                found = connection.execute("SELECT current_user").fetchone()
            assert found == ("sv_app",)
            run.process.terminate()
            assert run.end() == 0
        assert occupants(data) == []

    def test_says_why_a_process_does_not_start(self, settings, data_dir):
        with stand_in(settings, "broken") as run:
            assert run.end() == 1

        assert run.lines[-2:] == [
            f"web stopped while starting (exit code 1), see {data_dir}/logs/web.log:",
            "    no such table",
        ]

    def test_refuses_a_port_in_use_in_one_line(self, settings, port):
        taken = socket.create_server(("127.0.0.1", port + 1))
        with closing(taken), stand_in(settings) as run:
            assert run.end() == 1

        assert run.lines == [
            f"Port {port + 1} on 127.0.0.1 cannot be used (Address already in use): "
            "stop what listens there, or choose another, PORT=8100 make up."
        ]

    def test_refuses_a_second_product_on_the_same_folder_in_one_line(
        self, settings, data_dir
    ):
        with stand_in(settings) as first:
            first.read_until("Running")

            with stand_in(settings) as second:
                assert second.end() == 1

            assert second.lines == [
                f"The product already runs on {data_dir} (process {first.process.pid}):"
                " stop that one with Ctrl-C, or set another DATA_DIR and PORT."
            ]
            first.process.terminate()
            assert first.end() == 0

    def test_refuses_a_folder_it_cannot_make_in_one_line(self, settings, data_dir):
        data_dir.write_text("a file")

        with stand_in(settings) as run:
            assert run.end() == 1

        assert run.lines == [
            f"DATA_DIR {data_dir} cannot be written (File exists): "
            "choose another folder, DATA_DIR=… make up."
        ]

    def test_shows_a_second_shell_its_environment_while_it_runs(
        self, settings, data_dir, port
    ):
        with stand_in(settings) as run:
            run.read_until("Running")

            found = published(data_dir)

            assert found == {
                "BACKUP_KEY_PATH": str(data_dir / "secrets" / "backup_key"),
                "DATA_DIR": str(data_dir),
                "DJANGO_SETTINGS_MODULE": "sondervoice.settings.dev",
                "HOST": "127.0.0.1",
                "KEYRING_PATH": str(data_dir / "secrets" / "keyring"),
                "LEDGER_KEY_PATH": str(data_dir / "secrets" / "ledger_key"),
                "MEDIA_BASE_URL": f"ws://127.0.0.1:{port + 1}",
                "PORT": str(port),
                "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
                "REDIS_URL": "redis://127.0.0.1:1",
                "SECRET_KEY_FILE": str(data_dir / "secrets" / "secret_key"),
            }
            mode = (data_dir / "run" / "env.json").stat().st_mode
            assert oct(mode & 0o777) == "0o600"
            run.process.kill()
            run.end()
        with stand_in(settings) as cleaning:
            cleaning.read_until("Running")
            cleaning.process.terminate()
            cleaning.end()
        assert published(data_dir) == {}

    def test_ends_with_the_code_of_its_visitor(self, settings, data_dir):
        with stand_in(settings, "visit", "3") as run:
            assert run.end() == 3

        assert "visiting" in run.lines
        assert run.lines[-1] == (
            f"The demo call failed (exit code 3); logs in {data_dir}/logs"
        )
        assert processes_naming(str(data_dir)) == []

    def test_stays_up_after_its_visitor(self, settings, port):
        with stand_in(settings, "visit", "0", "stay") as run:
            assert run.read_until("Running") == (
                f"Running on http://127.0.0.1:{port}; Ctrl-C stops it"
            )
            run.process.terminate()

            assert run.end() == 0
