"""A call is backed up, erased, brought back: gone again before anybody can ask."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest

from compliance.backups.errors import BackupBrokenError, BackupRefusedError
from compliance.backups.sealed_file import Name, open_stream
from compliance.backups.services.check_backup import open_backup
from compliance.backups.services.restore_backup import restore_backup
from compliance.backups.services.restore_database import restore_database
from compliance.backups.services.tally_erasures import tally_erasures
from compliance.backups.shelf import backup_at
from compliance.keys.keys import Keys, key_store, key_wrapping
from compliance.keys.sealing import Place as SealPlace
from compliance.keys.sealing import unseal
from compliance.keys.services.copy_key_store import copy_key_store
from compliance.keys.store import FileKeyStore, KeyGoneError
from compliance.ledger.anchors import anchor_store
from compliance.ledger.services.anchor_checkpoints import anchor_checkpoints
from compliance.ledger.services.seal_rows import seal_rows
from compliance.ledger.signer import signer
from recordings.storage_names import object_name
from telephony.models import Call
from tests.integration.compliance.backups.conftest import CANARY, Place
from tests.integration.compliance.backups.machine import (
    command,
    environment,
    role_url,
)
from tests.integration.compliance.ledger.record import TestSigner, write_row
from tests.integration.compliance.retention.nights import (
    has_key,
    is_gone,
    is_whole,
    run_night,
)

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]

_OF_BEFORE_THE_LAST_MIGRATION = (
    "ALTER TABLE recordings_recording DROP COLUMN place",
    "DELETE FROM django_migrations WHERE app = 'recordings' AND name = '0005_place'",
)
_OF_TOMORROW = (
    "INSERT INTO django_migrations (app, name, applied) "
    "VALUES ('recordings', '9999_t', now())"
)
_PLACES = (
    "SELECT count(*) FROM information_schema.columns "
    "WHERE table_name = 'recordings_recording' AND column_name = 'place'"
)


def anchor(now) -> None:
    seal_rows(signer=signer(), now=now)
    anchor_checkpoints(store=anchor_store(), now=now)


def asked(url: str, query: str, *values: object) -> list[tuple]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query, values).fetchall()


def run(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def restore(place: Place, made: Path, url: str, *, key: bytes = b"") -> None:
    opened = open_backup(
        backup_at(made), key=key or place.key, verifiers=[signer().verifier]
    )
    restore_backup(opened, url=url, folder=place.folder / "nothing")


@dataclass
class Story:
    """A call of which there is a backup, and that was erased the next night."""

    place: Place
    call: Call
    kept: Call
    backup: Path
    keys_of_before: Path


@pytest.fixture
def story(cast, place, make_due, three, signed_in) -> Story:
    run_night(cast)
    call, kept = make_due(-1), make_due(-40)
    assert is_whole(call)
    page = f"/app/calls/{call.id}/"
    assert CANARY in signed_in(cast.ada).get(page).content.decode()
    anchor(three.at)
    write_row(cast.alder.organization.id)
    made = place.back_up()
    copied = copy_key_store(key_store(), place.folder / "key-copies", now=three.at)
    three.move(days=1)
    run_night(cast)
    assert is_gone(call)
    assert is_whole(kept)
    anchor(three.at)
    return Story(place, call, kept, made.folder, copied.folder)


@pytest.fixture
def back(story: Story, empty_database: str, tmp_path: Path) -> Callable[..., str]:
    """Restore by the command on a second machine; returns what it said."""
    data = tmp_path / "second"

    def run(*arguments: str) -> str:
        if not (data / "keys").exists():
            shutil.copytree(story.keys_of_before, data / "keys")
        env = environment(story.place, empty_database, data)
        return command("restore", *arguments, env=env)

    return run


class TestDumpOfTheDayBefore:
    def test_has_the_call_sealed_by_a_key_that_is_in_no_live_store(self, story: Story):
        opened = open_backup(
            backup_at(story.backup), key=story.place.key, verifiers=[signer().verifier]
        )
        raw = b"".join(opened.database())

        assert CANARY.encode() not in raw
        assert b"Canary Wharfinger" not in raw
        assert not has_key(story.call)
        with pytest.raises(KeyGoneError):
            key_store().get(story.call.organization_id, f"call-{story.call.id}")

    def test_opens_by_a_copy_of_the_keys_before_its_date_and_by_none_after(
        self, story: Story, empty_database: str, three
    ):
        opened = open_backup(
            backup_at(story.backup), key=story.place.key, verifiers=[signer().verifier]
        )
        restore_database(empty_database, opened.database)
        ((row_id, sealed),) = asked(
            empty_database,
            "SELECT id, text_sealed FROM recordings_utterance "
            "WHERE call_id = %s AND number = 2",
            story.call.id,
        )
        of = story.call.organization_id
        where = SealPlace(of, "recordings_utterance", "text_sealed", row_id)
        copy = Keys(key_wrapping(), FileKeyStore(story.keys_of_before))
        key = copy.call_key(organization_id=of, call_id=story.call.id)
        assert unseal(key, bytes(sealed), where).decode() == CANARY

        three.move(days=7)
        copies = story.place.folder / "key-copies"
        copy_key_store(key_store(), copies, now=three.at)

        assert list(copies.rglob(f"call-{story.call.id}")) == []
        for folder in copies.glob("keys-*"):
            with pytest.raises(KeyGoneError):
                Keys(key_wrapping(), FileKeyStore(folder)).call_key(
                    organization_id=of, call_id=story.call.id
                )


class TestRestore:
    def test_erases_again_before_it_opens(
        self, story: Story, back, empty_database: str, tmp_path: Path
    ):
        of, name = story.call.organization_id, f"call-{story.call.id}"
        assert (story.keys_of_before / str(of) / name).exists()

        said = back(str(story.backup))

        assert "The database is open." in said
        assert "4 erasures replayed, 4 things had come back and are gone" in said
        lines = "SELECT DISTINCT call_id FROM recordings_utterance"
        assert asked(empty_database, lines) == [(story.kept.id,)]
        numbers = "SELECT id FROM telephony_call WHERE length(caller_sealed) > 0"
        assert asked(empty_database, numbers) == [(story.kept.id,)]
        second = tmp_path / "second"
        assert not (second / "keys" / str(of) / name).exists()
        assert (second / "keys" / str(of) / f"call-{story.kept.id}").exists()
        kept = object_name(of, story.kept.id)
        found = [path for path in (second / "recordings").rglob("*") if path.is_file()]
        assert found == [second / "recordings" / kept]
        as_app = role_url(empty_database, "default")
        assert asked(as_app, "SELECT 1") == [(1,)]
        self.goes_on_with_the_record(story, empty_database, second)

    def goes_on_with_the_record(self, story: Story, url: str, data: Path) -> None:
        sizes = (
            "SELECT organization_id, max(size) FROM ledger_checkpoints GROUP BY 1 "
            "ORDER BY 1"
        )
        assert asked(url, sizes) == asked(story.place.owner_url, sizes)
        env = environment(story.place, url, data)
        looked = command("ledger", "verify", env=env)
        assert looked.startswith("restored at ")
        assert "Nothing was changed since it was sealed." in looked
        sealed = command("ledger", "seal", env=env)
        anchored = command("ledger", "anchor", env=env)
        assert "organizations anchored" in anchored, sealed
        looked = command("ledger", "verify", env=env)
        assert "Nothing was changed since it was sealed." in looked

    def test_goes_on_after_the_key_of_the_record_was_replaced(
        self, story: Story, back, cast, three, replace_key, empty_database: str
    ):
        assert tally_erasures(signer=signer(), now=three.at) == 4
        replace_key()
        three.move(days=1)
        run_night(cast)
        anchor(three.at)
        assert tally_erasures(signer=signer(), now=three.at) == 0

        said = back(str(story.backup))

        assert "4 erasures replayed, 4 things had come back and are gone" in said
        assert "The database is open." in said
        looked = command(
            "ledger",
            "verify",
            env=environment(story.place, empty_database, story.place.folder / "second"),
        )
        assert looked.startswith("restored at ")
        assert "Nothing was changed since it was sealed." in looked

    def test_stays_closed_where_the_list_of_erasures_was_forged(
        self, story: Story, back, empty_database: str
    ):
        (day,) = (story.place.folder / "erasures").iterdir()
        entry = min(day.iterdir())
        text = entry.read_text().replace(str(story.call.id), str(story.kept.id))
        entry.chmod(0o600)
        entry.write_text(text)

        said = back(str(story.backup))

        assert "of the list of erasures is not ours" in said
        assert "The database stays closed to the product" in said
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            asked(role_url(empty_database, "default"), "SELECT 1")
        lines = "SELECT count(*) FROM recordings_utterance WHERE call_id = %s"
        assert asked(empty_database, lines, story.kept.id) == [(2,)]

    def test_stays_closed_where_a_file_of_the_list_is_gone(
        self, story: Story, back, empty_database: str, three
    ):
        """Going on without it is what somebody must say."""
        assert tally_erasures(signer=signer(), now=three.at) == 4
        (day,) = (story.place.folder / "erasures").iterdir()
        gone = max(day.iterdir())
        gone.unlink()

        said = back(str(story.backup))

        assert f"list of erasures: {day.name}/{gone.name} is missing" in said
        assert "1 things of the list of erasures are missing" in said
        assert "The database stays closed to the product" in said
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            asked(role_url(empty_database, "default"), "SELECT 1")

        said = back("--replay-only", "--despite-missing")

        assert f"list of erasures: {day.name}/{gone.name} is missing" in said
        assert "3 erasures replayed" in said
        assert "The database is open." in said

    def test_stays_closed_where_the_record_was_changed_before_the_backup(
        self, story: Story, back, empty_database: str
    ):
        anchors = story.place.folder / "anchors"
        first = anchors / "0000000001.jsonl"
        first.chmod(0o600)
        first.write_text(first.read_text().replace('"start":0', '"start":1', 1))

        said = back(str(story.backup))

        assert "not as sealed" in said
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            asked(role_url(empty_database, "default"), "SELECT 1")

    def test_goes_on_by_itself_after_other_means_brought_the_database_back(
        self, story: Story, back, empty_database: str
    ):
        opened = open_backup(
            backup_at(story.backup), key=story.place.key, verifiers=[signer().verifier]
        )
        restore_database(empty_database, opened.database)

        first, again = back("--replay-only"), back("--replay-only")

        assert "4 erasures replayed, 4 things had come back and are gone" in first
        assert "4 erasures replayed, 0 things had come back and are gone" in again
        lines = "SELECT DISTINCT call_id FROM recordings_utterance"
        assert asked(empty_database, lines) == [(story.kept.id,)]

    def test_migrates_what_is_older_than_the_product_and_refuses_what_is_newer(
        self, story: Story, back, empty_database: str
    ):
        opened = open_backup(
            backup_at(story.backup), key=story.place.key, verifiers=[signer().verifier]
        )
        restore_database(empty_database, opened.database)
        for statement in _OF_BEFORE_THE_LAST_MIGRATION:
            run(empty_database, statement)
        run(empty_database, _OF_TOMORROW)

        said = back("--replay-only")

        assert "has 1 migrations that this product lacks: recordings.9999_t" in said
        assert "The database stays closed to the product" in said
        assert asked(empty_database, _PLACES) == [(0,)]

        run(empty_database, "DELETE FROM django_migrations WHERE name = '9999_t'")
        said = back("--replay-only")

        assert "4 erasures replayed, 4 things had come back and are gone" in said
        assert "The database is open." in said
        assert asked(empty_database, _PLACES) == [(1,)]


class TestRefusal:
    @pytest.fixture
    def made(self, cast, place, make_due, three) -> Path:
        run_night(cast)
        make_due(-3)
        return place.back_up().folder

    def refuse(self, place: Place, made: Path, url: str, *, key: bytes = b"") -> str:
        empty = place.folder / "nothing"
        before = asked(url, "SELECT count(*) FROM pg_class")
        with pytest.raises((BackupBrokenError, BackupRefusedError)) as refused:
            restore(place, made, url, key=key)
        assert asked(url, "SELECT count(*) FROM pg_class") == before
        assert not empty.exists()
        return str(refused.value)

    @pytest.mark.parametrize("name", ["database.sealed", "objects.sealed"])
    def test_of_a_file_that_was_cut_changed_or_taken_away(
        self, place, made, name, empty_database
    ):
        path = made / name
        whole = path.read_bytes()
        for other in (whole[:-1], whole[:40], bytes([whole[0] ^ 1]) + whole[1:]):
            path.write_bytes(other)
            said = self.refuse(place, made, empty_database)
            assert "is missing or not what was signed" in said
        path.unlink()
        assert "is missing" in self.refuse(place, made, empty_database)

    def test_of_parts_that_changed_places(self, place, made, empty_database):
        one, two = made / "database.sealed", made / "objects.sealed"
        first, second = one.read_bytes(), two.read_bytes()
        one.write_bytes(second)
        two.write_bytes(first)

        assert "not what was signed" in self.refuse(place, made, empty_database)

    def test_of_a_recording_that_was_changed(self, place, made, empty_database):
        (path,) = [one for one in (made / "objects").rglob("*") if one.is_file()]
        path.write_bytes(path.read_bytes()[:-1] + b"?")

        assert "is not what it was" in self.refuse(place, made, empty_database)
        path.unlink()
        assert "is missing" in self.refuse(place, made, empty_database)

    def test_of_another_key(self, place, made, empty_database):
        said = self.refuse(place, made, empty_database, key=bytes(32))

        assert "is closed by the key" in said

    def test_of_a_forged_manifest(self, place, made, empty_database):
        opened = backup_at(made).manifest([signer().verifier])
        (made / "manifest.txt").write_text(opened.signed(TestSigner()))

        assert "not signed" in self.refuse(place, made, empty_database)

    def test_of_one_that_a_newer_product_made(self, place, made, empty_database):
        manifest = backup_at(made).manifest([signer().verifier])
        newer = replace(
            manifest, migrations=[*manifest.migrations, "recordings.9999_t"]
        )
        (made / "manifest.txt").write_text(newer.signed(signer()))

        said = self.refuse(place, made, empty_database)

        assert "has 1 migrations that this product lacks: recordings.9999_t" in said

    def test_of_a_database_with_tables(self, place, made):
        assert "is not empty" in self.refuse(place, made, place.owner_url)

    def test_of_a_folder_with_recordings(self, place, made, empty_database):
        (place.folder / "nothing").mkdir()
        (place.folder / "nothing" / "one.sealed").write_bytes(b"")
        with pytest.raises(BackupRefusedError, match="is not empty"):
            restore(place, made, empty_database)

    def test_of_a_folder_without_a_backup(self, place):
        with pytest.raises(BackupBrokenError, match="no backup"):
            backup_at(place.folder)


def test_a_part_opens_by_its_own_name_alone(cast, place, three):
    run_night(cast)
    made = place.back_up()
    with (made.folder / "objects.sealed").open("rb") as file:
        pieces = open_stream(
            file, key=place.key, name=Name(made.manifest.id, "database")
        )
        with pytest.raises(BackupBrokenError):
            list(pieces)
