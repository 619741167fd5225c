"""The place of a drill holds keys: it goes, also when the drill is killed."""

import os
import signal
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from compliance.backups.errors import BackupRefusedError
from compliance.backups.jobs import drill as clock
from compliance.backups.scratch import scratch
from compliance.backups.services.restore_database import refuse_unless_empty
from compliance.keys.keys import key_store
from tests.integration.compliance.backups.conftest import Place

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def machine(place: Place, settings) -> Place:
    settings.DATA_DIR = place.folder
    settings.BACKUP_DRILLS = False
    key_store().put(uuid4(), "call-one", b"wrapped")
    return place


def databases(url: str) -> set[str]:
    with psycopg.connect(url) as owner:
        return {name for (name,) in owner.execute("SELECT datname FROM pg_database")}


def places(machine: Place) -> list[Path]:
    return list(machine.folder.glob("drill-*"))


def kill_one() -> None:
    """Let a process begin a drill, and kill it when rows and keys are there."""
    child = os.fork()
    if child == 0:
        try:
            with scratch() as begun, psycopg.connect(begun.url) as owner:
                owner.execute("CREATE TABLE came_back ()")
                owner.commit()
                os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0) == (child, signal.SIGKILL)


class TestKilled:
    @pytest.mark.parametrize("is_named", [False, True])
    def test_goes_by_the_clock_although_drills_are_off(
        self, machine: Place, settings, empty_database, is_named, caplog
    ):
        settings.DRILL_DATABASE_URL = empty_database if is_named else ""
        before = databases(machine.owner_url)
        kill_one()
        (left,) = places(machine)
        assert len(list(left.rglob("call-one"))) == 1

        clock()

        assert places(machine) == []
        assert databases(machine.owner_url) == before
        refuse_unless_empty(empty_database)
        assert "what a killed drill left was taken away" in caplog.messages

    def test_goes_when_the_next_one_begins(
        self, machine: Place, settings, empty_database
    ):
        settings.DRILL_DATABASE_URL = empty_database
        kill_one()
        left = places(machine)

        with scratch() as begun:
            assert places(machine) == [begun.folder]
            assert begun.folder not in left
            refuse_unless_empty(empty_database)

        assert places(machine) == []

    def test_goes_with_its_keys_first_where_its_database_is_not_reached(
        self, machine: Place, settings, caplog
    ):
        kill_one()
        (left,) = places(machine)
        with_owner = settings.DATABASE_OWNER_URL
        settings.DATABASE_OWNER_URL = ""

        clock()

        assert list(left.iterdir()) == []
        assert "what a killed drill left stays" in caplog.messages

        settings.DATABASE_OWNER_URL = with_owner
        clock()

        assert places(machine) == []
        assert not [name for name in databases(with_owner) if name.endswith("_drill")]


class TestRunning:
    def test_is_touched_by_nobody(self, machine: Place, caplog):
        with scratch() as begun:
            clock()
            with pytest.raises(BackupRefusedError, match="Another drill"), scratch():
                pass

            assert len(list(begun.folder.rglob("call-one"))) == 1
            refuse_unless_empty(begun.url)
        assert caplog.messages == []

    def test_has_whole_keys_alone(self, machine: Place):
        (clinic,) = (machine.folder / "keys").glob("*-*")
        # What goes between the look at the folder and the look at the file.
        for name in (".call-half.0a1b2c3d", "call-destroyed"):
            (clinic / name).symlink_to("gone")

        with scratch() as begun:
            copied = begun.folder / "keys" / clinic.name
            assert [path.name for path in copied.iterdir()] == ["call-one"]

    def test_leaves_folders_that_are_not_a_drill_s(self, machine: Place):
        (machine.folder / "drill-of-mine").mkdir()
        kept = machine.folder / "drill-01234567"
        kept.write_text("a file")

        clock()
        with scratch():
            pass

        assert sorted(places(machine)) == [kept, machine.folder / "drill-of-mine"]
