import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from compliance.keys import files
from compliance.keys.store import FileKeyStore, KeyGoneError, RotationRunsError

ONE = UUID(int=1)
NAME = "month-202611"
DAY = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> FileKeyStore:
    store = FileKeyStore(tmp_path / "keys")
    store.put(ONE, NAME, b"old")
    return store


def _names(store: FileKeyStore) -> list[str]:
    return sorted(path.name for path in (store.directory / str(ONE)).iterdir())


class TestReplace:
    def test_puts_the_new_in_the_place_of_the_old(self, store: FileKeyStore):
        assert store.replace(ONE, NAME, old=b"old", new=b"new")

        assert store.get(ONE, NAME) == b"new"
        assert _names(store) == [NAME]
        assert (store.directory / str(ONE) / NAME).stat().st_mode & 0o777 == 0o600

    def test_leaves_what_another_put_there(self, store: FileKeyStore):
        assert not store.replace(ONE, NAME, old=b"older", new=b"new")

        assert store.get(ONE, NAME) == b"old"
        assert _names(store) == [NAME]

    def test_brings_no_destroyed_key_back(self, store: FileKeyStore):
        store.destroy(ONE, NAME)

        assert not store.replace(ONE, NAME, old=b"old", new=b"new")

        with pytest.raises(KeyGoneError):
            store.get(ONE, NAME)
        assert _names(store) == []

    @pytest.mark.parametrize("call", ["open", "fsync", "replace", "sync"])
    def test_that_dies_leaves_the_old_or_the_new(
        self, store: FileKeyStore, monkeypatch, call: str
    ):
        """Die at each step, as a killed process does: no clean-up runs."""

        def die(*_: object, **__: object) -> None:
            os._exit(9)

        pid = os.fork()
        if pid == 0:
            if call == "replace":
                Path.replace = die
            elif call == "sync":
                files.os.fsync = _second(die)
            else:
                setattr(files.os, call, die)
            store.replace(ONE, NAME, old=b"old", new=b"new")
            os._exit(0)
        _, status = os.waitpid(pid, 0)

        assert os.waitstatus_to_exitcode(status) == 9
        assert store.get(ONE, NAME) == (b"new" if call == "sync" else b"old")
        store.clear_drafts(older_than=timedelta(hours=-1))
        assert _names(store) == [NAME]


class TestPowerLoss:
    """What is only in memory of the system when a name changes is lost."""

    @pytest.fixture
    def synced(self, store: FileKeyStore, monkeypatch) -> list[tuple[str, list[str]]]:
        """Return the folders that reached the disk, each with its keys then."""
        seen: list[tuple[str, list[str]]] = []

        def note(folder: Path) -> None:
            names = sorted(one.name for one in folder.iterdir() if one.is_file())
            seen.append((folder.name, names))

        monkeypatch.setattr("compliance.keys.store.sync_folder", note)
        return seen

    def test_loses_no_key_that_was_made(self, store: FileKeyStore, synced):
        store.put(ONE, "call-1", b"key")
        store.put(ONE, "call-1", b"another")

        assert synced == [(str(ONE), ["call-1", NAME])] * 2

    def test_loses_no_first_key_of_a_clinic(self, store: FileKeyStore, synced):
        other = UUID(int=2)

        store.put(other, NAME, b"key")

        assert synced == [("keys", []), (str(other), [NAME])]

    @pytest.mark.parametrize("name", ["call-1", "row-1", NAME])
    def test_brings_no_destroyed_key_back(self, store: FileKeyStore, synced, name: str):
        store.put(ONE, name, b"key")
        synced.clear()

        store.destroy(ONE, name)
        store.destroy(ONE, name)

        left = [NAME] if name != NAME else []
        assert synced == [(str(ONE), left)]

    def test_brings_no_clinics_keys_back(self, store: FileKeyStore, synced):
        store.destroy_all(ONE)

        assert synced == [(str(ONE), [])]


def _second(die):
    calls = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            die()
        real(descriptor)

    return fsync


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
class TestOwner:
    def test_is_whose_the_folder_is_also_when_root_writes(self, store: FileKeyStore):
        folder = store.directory / str(ONE)
        for path in (store.directory, folder, folder / NAME):
            os.chown(path, 12345, 12345)

        store.replace(ONE, NAME, old=b"old", new=b"new")
        store.put(ONE, "index", b"key")
        with store.rotating():
            pass

        owners = {path.stat().st_uid for path in store.directory.rglob("*")}
        assert owners == {12345}
        assert (store.directory / ".rotating").exists()


class TestDrafts:
    def test_are_left_to_who_is_at_it(self, store: FileKeyStore):
        draft = store.directory / str(ONE) / f".{NAME}.0a"
        draft.write_bytes(b"half")
        age = time.time() - 3_000
        os.utime(draft, (age, age))

        store.clear_drafts(older_than=timedelta(hours=1))
        assert draft.exists()

        store.clear_drafts(older_than=timedelta(minutes=45))
        assert _names(store) == [NAME]


class TestReplacing:
    def test_what_is_destroyed_meanwhile_says_no(self, store, monkeypatch):
        fstat = os.fstat

        def destroy_first(descriptor: int) -> os.stat_result:
            # Between the look whether there is a key and the look at whose it is.
            monkeypatch.setattr(os, "fstat", fstat)
            (store.directory / str(ONE) / NAME).unlink()
            return fstat(descriptor)

        monkeypatch.setattr(os, "fstat", destroy_first)

        assert store.replace(ONE, NAME, old=b"old", new=b"new") is False
        assert _names(store) == []


class TestLocks:
    def test_let_one_walk_at_a_time(self, store: FileKeyStore):
        with store.rotating(), pytest.raises(RotationRunsError), store.rotating():
            pytest.fail("two walk")

    def test_wait_for_who_is_making_a_key(self, store: FileKeyStore):
        done = threading.Event()

        def wait() -> None:
            store.wait_for_makers()
            done.set()

        with store.making():
            thread = threading.Thread(target=wait)
            thread.start()
            assert not done.wait(0.1)
        thread.join(5)
        assert done.is_set()

    def test_are_no_keys(self, store: FileKeyStore):
        with store.making(), store.rotating():
            assert list(store.organizations()) == [ONE]
            assert store.root_wrapped(ONE) == [NAME]

    def test_of_a_calls_key_are_not_needed(self, store: FileKeyStore):
        store.put(ONE, f"call-{ONE}", b"key")

        assert store.root_wrapped(ONE) == [NAME]
        store.destroy(ONE, f"call-{ONE}")
        store.destroy(ONE, f"call-{ONE}")
        assert _names(store) == [NAME]


class TestNothing:
    def test_has_no_organizations(self, tmp_path: Path):
        store = FileKeyStore(tmp_path / "none")

        assert list(store.organizations()) == []
        assert store.root_wrapped(ONE) == []


class TestDestroyAll:
    def test_leaves_no_key_of_this_organization_and_every_one_of_others(
        self, store: FileKeyStore
    ):
        other = UUID(int=2)
        store.put(other, NAME, b"theirs")
        store.put(ONE, "index", b"index")
        store.put(ONE, "call-1", b"call")
        (store.directory / str(ONE) / ".month-202612.aa").write_bytes(b"half")
        assert store.has_any(ONE)

        store.destroy_all(ONE)
        store.destroy_all(ONE)

        assert _names(store) == []
        assert not store.has_any(ONE)
        assert store.get(other, NAME) == b"theirs"

    def test_of_an_organization_without_keys_does_nothing(self, store: FileKeyStore):
        store.destroy_all(UUID(int=3))

        assert not store.has_any(UUID(int=3))
        assert store.get(ONE, NAME) == b"old"
