import os
import shutil
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from compliance.backups.services.restore_database import close_database, open_database
from sondervoice.embedded import binaries, privileges
from sondervoice.embedded import postgres as postgres_module
from sondervoice.embedded.cluster import occupants
from sondervoice.embedded.errors import EmbeddedError
from sondervoice.embedded.layout import prepare
from sondervoice.embedded.postgres import Postgres
from sondervoice.embedded.process import Process, end
from sondervoice.embedded.roles import URL_NAMES


@contextmanager
def started(server: Postgres) -> Iterator[Process]:
    process = server.start()
    try:
        yield process
    finally:
        end(process, first=signal.SIGINT, grace_s=10)


def ask(url: str, question: str) -> tuple[object, ...]:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row


class TestRoles:
    @pytest.mark.parametrize("role", URL_NAMES)
    def test_none_is_above_the_policies(self, postgres, role):
        found = ask(
            postgres.urls()[URL_NAMES[role]],
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolreplication "
            "FROM pg_roles WHERE rolname = current_user",
        )

        assert found == (role, False, False, False, False)

    def test_the_owner_alone_owns_the_database_and_may_make_others(self, postgres):
        found = ask(
            postgres.urls()["DATABASE_URL"],
            "SELECT array_agg(rolname::text) FILTER (WHERE rolcreatedb), "
            "(SELECT datdba::regrole::text FROM pg_database "
            "WHERE datname = 'sondervoice') FROM pg_roles WHERE rolname LIKE 'sv_%'",
        )

        assert found == (["sv_owner"], "sv_owner")

    def test_the_application_cannot_make_a_table(self, postgres):
        with (
            psycopg.connect(postgres.urls()["DATABASE_URL"]) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute("CREATE TABLE mine (id int)")

    def test_the_operator_only_reads(self, postgres):
        url = postgres.urls()["DATABASE_OPERATOR_URL"]

        assert ask(url, "SHOW transaction_read_only") == ("on",)

    def test_a_wrong_password_opens_nothing(self, postgres):
        url = postgres.urls()["DATABASE_URL"].replace("sv_app:", "sv_app:not-", 1)

        with pytest.raises(psycopg.OperationalError, match="authentication failed"):
            psycopg.connect(url)


class TestServer:
    def test_checks_its_pages_and_keeps_statements_out_of_its_log(self, postgres):
        found = ask(
            postgres.urls()["DATABASE_URL"],
            "SELECT current_setting('data_checksums'), "
            "current_setting('log_min_error_statement'), "
            "current_setting('server_encoding'), current_setting('timezone')",
        )

        assert found == ("on", "panic", "UTF8", "UTC")

    def test_listens_on_a_private_socket_alone(self, postgres):
        [socket] = [
            path
            for path in postgres.sockets.iterdir()
            if stat.S_ISSOCK(path.stat().st_mode)
        ]

        assert oct(stat.S_IMODE(postgres.sockets.stat().st_mode)) == "0o700"
        assert oct(stat.S_IMODE(socket.stat().st_mode)) == "0o700"
        assert postgres.data.stat().st_uid != 0
        assert ask(postgres.urls()["DATABASE_URL"], "SHOW listen_addresses") == ("",)

    def test_keeps_what_was_committed_when_it_is_killed(self, layout):
        server = Postgres(layout)
        url = server.urls()["DATABASE_OWNER_URL"]
        with started(server) as process:
            with psycopg.connect(url) as connection:
                connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 99)")
            process.kill()

        with started(server):
            assert ask(url, "SELECT count(*) FROM kept") == (99,)

    def test_starts_although_nobody_buried_the_last_one(self, layout):
        server = Postgres(layout, throw_away=True)
        with started(server) as killed:
            killed.kill()
            os.waitid(os.P_PID, killed.pid, os.WEXITED | os.WNOWAIT)  # a zombie now

            with started(server):
                assert ask(server.urls()["DATABASE_URL"], "SELECT 1") == (1,)

    def test_keeps_the_product_out_while_a_restore_is_not_finished(self, layout):
        server = Postgres(layout, throw_away=True)
        app, owner = (server.urls()[f"DATABASE_{one}URL"] for one in ("", "OWNER_"))
        with started(server):
            close_database(owner)
        with started(server):
            assert ask(owner, "SELECT 1") == (1,)
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                ask(app, "SELECT 1")
            open_database(owner)
        with started(server):
            assert ask(app, "SELECT 1") == (1,)

    def test_starts_although_its_pid_file_names_a_stranger(self, layout, postgres):
        server = Postgres(layout, throw_away=True)
        notes = (server.data / "postmaster.pid", server.sockets / ".s.PGSQL.5432.lock")
        with started(server):
            texts = [note.read_text() for note in notes]
        # Another cluster of the same user: PostgreSQL's own check would believe it.
        stranger = (postgres.data / "postmaster.pid").read_text().split()[0]
        for note, text in zip(notes, texts, strict=True):
            note.write_text("\n".join([stranger, *text.splitlines()[1:]]))

        with started(server):
            assert ask(server.urls()["DATABASE_URL"], "SELECT 1") == (1,)

    def test_ends_a_server_that_was_left_over_before_it_starts_another(self, layout):
        server = Postgres(layout, throw_away=True)
        with started(server) as left_over:
            with psycopg.connect(server.urls()["DATABASE_URL"]):
                assert len(occupants(server.data)) > 1

            with started(server) as process:
                assert left_over.poll() == 0
                assert process.poll() is None

    def test_starts_under_a_path_too_long_for_a_socket(self, data_dir):
        long = prepare(data_dir / ("long" * 30))
        server = Postgres(long, throw_away=True)

        with started(server):
            assert ask(server.urls()["DATABASE_URL"], "SELECT 1") == (1,)

        assert len(str(server.data)) > 100
        assert len(str(server.sockets)) < 40
        shutil.rmtree(server.sockets)

    def test_runs_from_a_copy_where_the_programs_cannot_be_reached(self, layout):
        if privileges.unprivileged() is None:
            pytest.skip("only root steps down to somebody who may not look there")
        hidden = layout.secrets / "site-packages"
        package = binaries.installed({}).parents[1]
        shutil.copytree(package / "pginstall18", hidden / package.name / "pginstall18")
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(libraries, hidden / libraries.name)
        programs = hidden / package.name / "pginstall18" / "bin"

        server = Postgres(
            layout, throw_away=True, environment={"SV_PGBIN": str(programs)}
        )

        assert server.binaries.folder.is_relative_to(server.home)
        with started(server):
            assert ask(server.urls()["DATABASE_URL"], "SELECT 1") == (1,)

    def test_lives_in_a_system_folder_where_root_alone_may_enter_ours(
        self, layout, data_dir, monkeypatch
    ):
        if privileges.unprivileged() is None:
            pytest.skip("only root has folders that PostgreSQL's user may not enter")
        monkeypatch.setattr(
            postgres_module, "_SYSTEM_PLACE", data_dir.parent / "system"
        )
        layout.data_dir.chmod(0o700)
        server = Postgres(layout, throw_away=True)

        with started(server):
            assert ask(server.urls()["DATABASE_URL"], "SELECT 1") == (1,)

        assert server.home.parent == data_dir.parent / "system"
        assert oct(stat.S_IMODE(layout.data_dir.stat().st_mode)) == "0o700"

    def test_refuses_the_files_of_another_version(self, layout):
        server = Postgres(layout, throw_away=True)
        server.data.mkdir()
        (server.data / "PG_VERSION").write_text("15\n")

        with pytest.raises(EmbeddedError, match="written by PostgreSQL 15 and this is"):
            server.start()

    def test_says_so_when_the_passwords_are_lost(self, layout):
        Postgres(layout).data.mkdir()
        (layout.secrets / "postgres.json").unlink()

        with pytest.raises(EmbeddedError, match="restore it, or choose another"):
            Postgres(layout)

    def test_refuses_programs_that_do_not_run(self, layout, data_dir):
        with pytest.raises(EmbeddedError, match="do not run here"):
            Postgres(layout, environment={"SV_PGBIN": str(data_dir / "nothing")})
