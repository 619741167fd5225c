"""Recordings in buckets: counted at a backup, compared at a restore and a drill."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from compliance.backups import buckets
from compliance.backups.buckets import compare_places, count_buckets
from compliance.backups.jobs import backup as clock_of_backups
from compliance.backups.manifest import Manifest
from compliance.backups.services.run_drill import run_drill
from compliance.ledger.anchors import anchor_store
from compliance.ledger.models import AuditLog
from compliance.ledger.services.anchor_checkpoints import anchor_checkpoints
from compliance.ledger.services.seal_rows import seal_rows
from compliance.ledger.signer import signer
from recordings.objects.places import objects_at
from recordings.storage_names import object_name
from sondervoice.kernel.stored_objects import Listed
from telephony.models import Call
from tests.fakes.s3 import S3, s3
from tests.fakes.s3.client import (
    FRANKFURT,
    VIRGINIA,
    bring_trouble,
    make_bucket,
    use_buckets,
)
from tests.integration.compliance.backups.conftest import Place
from tests.integration.compliance.backups.machine import command, environment
from tests.integration.compliance.retention.nights import is_whole, run_night

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]


@pytest.fixture
def service(place: Place, settings, monkeypatch) -> Iterator[S3]:
    """Two buckets; clinics of the tests are of the United States."""
    with s3() as running:
        make_bucket(running, FRANKFURT)
        make_bucket(running, VIRGINIA)
        use_buckets(settings, monkeypatch, running, FRANKFURT, VIRGINIA)
        yield running


@pytest.fixture
def night(cast, service, make_due, three) -> Callable[..., list[Call]]:
    """Calls in the bucket, after a night that is finished."""

    def make(*days: int) -> list[Call]:
        run_night(cast)
        return [make_due(one) for one in days]

    return make


def anchor(now) -> None:
    seal_rows(signer=signer(), now=now)
    anchor_checkpoints(store=anchor_store(), now=now)


def lose(call: Call) -> None:
    """Take the object away behind the product's back."""
    name = object_name(call.organization_id, call.id)
    objects_at(VIRGINIA.place).delete([name])


def names(calls: list[Call]) -> list[str]:
    return sorted(object_name(one.organization_id, one.id) for one in calls)


class TestBackup:
    def test_counts_each_bucket_with_a_sum_that_is_signed(self, place, night):
        calls = night(-3, -4)
        made = place.back_up()

        counted = place.manifest(made).buckets
        assert set(counted) == {FRANKFURT.place, VIRGINIA.place}
        held = list(objects_at(VIRGINIA.place).listed())
        lines = "".join(f"{one.name} {one.size_bytes}\n" for one in held)
        assert [one.name for one in held] == names(calls)
        virginia = counted[VIRGINIA.place]
        assert virginia.count == 2
        assert virginia.size_bytes == sum(one.size_bytes for one in held)
        assert virginia.sha256 == hashlib.sha256(lines.encode()).hexdigest()
        assert (counted[FRANKFURT.place].count, counted[FRANKFURT.place].why) == (0, "")
        # None of them is copied.
        assert made.manifest.object_count == 0
        row = AuditLog.unscoped.get(action="compliance.backup.made")
        assert (row.facts["in_buckets"], row.facts["not_counted"]) == (2, 0)

    @pytest.mark.parametrize("trouble", ["503", "never"])
    def test_is_made_and_says_which_bucket_did_not_answer(
        self, place, night, service, settings, monkeypatch, trouble, caplog
    ):
        night(-3)
        bring_trouble(trouble, settings, monkeypatch, service, FRANKFURT, VIRGINIA)
        service.hits = lambda _method, path: VIRGINIA.name in path
        out = StringIO()

        call_command("backup", stdout=out)

        said = f"{VIRGINIA.place}: not counted: the bucket did not answer"
        assert said in out.getvalue()
        assert f"{FRANKFURT.place}: 0 recordings" in out.getvalue()
        (made,) = place.shelf.backups()
        counted = made.manifest([signer().verifier]).buckets
        assert counted[VIRGINIA.place].why == "the bucket did not answer"
        assert counted[VIRGINIA.place].sha256 == ""
        assert "a bucket was not looked at" in caplog.text
        row = AuditLog.unscoped.get(action="compliance.backup.made")
        assert row.facts["not_counted"] == 1

    def test_waits_no_longer_than_it_may(self, night, monkeypatch):
        night(-3)
        monkeypatch.setattr(buckets, "AT_MOST_S", -1.0)

        counted = count_buckets()[VIRGINIA.place]

        assert counted.why == "it did not list all in time"

    def test_by_the_clock_is_made_too(self, place, night, service):
        night(-3)
        service.trouble = "503"

        clock_of_backups()

        assert len(place.shelf.backups()) == 1

    def test_reads_a_manifest_from_before(self, place, night):
        night()
        note = place.manifest(place.back_up()).signed(signer())
        text = note.partition("\n")[2].rpartition("}\n")[0] + "}\n"
        old = text.replace('"buckets": {', '"has_objects": true,\n "buckets": {')
        again = signer().sign(f"{signer().verifier.name}/backup\n{old}")

        assert Manifest.from_note(again, [signer().verifier]).object_count == 0


class TestComparing:
    def test_names_what_is_missing_cut_or_without_a_row(self, night, service):
        gone, cut, whole = night(-3, -4, -5)
        lose(gone)
        store = objects_at(VIRGINIA.place)
        store.put(object_name(cut.organization_id, cut.id), [b"short"])
        store.put(f"{cut.organization_id}/0.sealed", [b"nobody's"])
        store.put(f"{cut.organization_id}/z.sealed", [b"nobody's"])

        (found,) = compare_places()

        assert (found.place, found.expected, found.unknown) == (VIRGINIA.place, 3, 2)
        assert sorted(found.missing) == sorted([gone.id, cut.id])
        assert is_whole(whole)
        assert not found.is_well

    def test_looks_at_files_of_this_machine_too(self, night, settings, place, make_due):
        settings.RECORDINGS_BUCKETS = ()
        night()
        kept, lost = make_due(-3), make_due(-4)
        path = Path(storages["recordings"].path(names([lost])[0]))
        path.unlink()

        (found,) = compare_places()

        assert (found.place, found.expected, found.missing) == ("files", 2, [lost.id])
        assert kept.id not in found.missing

    def test_says_that_a_bucket_is_named_no_more(self, night, settings):
        night(-3)
        settings.RECORDINGS_BUCKETS = (FRANKFURT,)

        (found,) = compare_places()

        assert (found.place, found.why) == (
            VIRGINIA.place, "the settings do not name it",
        )  # fmt: skip

    def test_holds_one_name_at_a_time(self, night, monkeypatch):
        night(-3)
        seen = []

        def listed(_self, _place):
            for number in range(3):
                seen.append(number)
                yield Listed(f"0-{number}", 1)

        monkeypatch.setattr("recordings.kept_objects.KeptRecordings.listed", listed)

        assert compare_places()[-1].unknown == 3
        assert seen[:3] == [0, 1, 2]


class TestRestore:
    @pytest.fixture
    def back(
        self, place, service, empty_database, tmp_path, settings
    ) -> Callable[[Path], str]:
        data = tmp_path / "second"

        def run(made: Path) -> str:
            shutil.copytree(place.folder / "keys", data / "keys")
            env = environment(place, empty_database, data) | _buckets(service)
            return command("restore", str(made), env=env)

        return run

    def test_names_recordings_that_the_bucket_lost(
        self, cast, place, night, three, back
    ):
        due, kept, lost = night(-1, -40, -41)
        made = place.back_up()
        three.move(days=1)
        run_night(cast)
        (later,) = night(-50)
        lose(lost)
        anchor(three.at)

        said = back(made.folder)

        assert "The database is open." in said, said
        assert f"{VIRGINIA.place}: 2 recordings should be there, missing: 1;" in said
        assert said.count("  missing: ") == 1
        assert f"  missing: {lost.id}" in said
        for other in (due, kept, later):
            assert f"missing: {other.id}" not in said
        # Its row was not there when the backup was made.
        assert "objects without a row: 1" in said

    def test_opens_though_the_bucket_does_not_answer(
        self, place, night, three, service, back
    ):
        night(-40)
        made = place.back_up()
        anchor(three.at)
        service.trouble = "503"

        said = back(made.folder)

        assert f"{VIRGINIA.place}: not compared: the bucket did not answer" in said
        assert "The database is open." in said


class TestDrill:
    @pytest.fixture(autouse=True)
    def _machine(self, place, service, monkeypatch, settings) -> None:
        monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "sondervoice.settings.dev")
        for name, value in _buckets(service).items():
            monkeypatch.setenv(name, value)
        settings.DATA_DIR = place.folder

    def test_names_what_is_missing_and_is_not_well(self, place, night, three):
        kept, lost = night(-40, -41)
        place.back_up()
        anchor(three.at)
        lose(lost)

        found = run_drill(shelf=place.shelf, verifier=signer().verifier, now=three.at)

        assert found.failure == ""
        assert found.is_well is False
        (virginia,) = found.places
        assert virginia["missing"] == [str(lost.id)]
        assert found.lacks == [
            f"{VIRGINIA.place}: 2 recordings should be there, missing: 1; "
            "objects without a row: 0"
        ]
        assert is_whole(kept)
        row = AuditLog.unscoped.get(action="compliance.drill.finished")
        assert row.facts["is_well"] is False
        assert row.facts["missing_recordings"] == 1

    def test_is_well_where_all_is_there(self, place, night, three):
        kept, _ = night(-40, -41)
        place.back_up()
        anchor(three.at)

        found = run_drill(shelf=place.shelf, verifier=signer().verifier, now=three.at)

        assert (found.is_well, found.lacks) == (True, [])
        assert found.places[0]["expected"] == 2
        assert is_whole(kept)

    def test_by_the_command_fails_where_the_bucket_is_silent(
        self, place, night, three, service
    ):
        night(-40)
        place.back_up()
        anchor(three.at)
        service.trouble = "503"
        out = StringIO()

        with pytest.raises(CommandError, match="Not all recordings"):
            call_command("drill", stdout=out)

        assert "not compared: the bucket did not answer" in out.getvalue()


def _buckets(service: S3) -> dict[str, str]:
    return {
        "RECORDINGS_BUCKETS": ",".join(
            f"{one.region}={one.name}" for one in (FRANKFURT, VIRGINIA)
        ),
        "AWS_ENDPOINT_URL": service.url,
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "of-the-tests",
    }
