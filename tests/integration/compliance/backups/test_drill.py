import json
from datetime import timedelta

import psycopg
import pytest
from django.core import mail

from compliance.backups.jobs import drill as clock
from compliance.backups.services.restore_database import refuse_unless_empty
from compliance.backups.services.run_drill import read_drill, run_drill
from compliance.keys.keys import key_store
from compliance.ledger.anchors import anchor_store
from compliance.ledger.models import AuditLog
from compliance.ledger.services.anchor_checkpoints import anchor_checkpoints
from compliance.ledger.services.seal_rows import seal_rows
from compliance.ledger.signer import signer
from tests.integration.compliance.backups.conftest import Place
from tests.integration.compliance.retention.nights import (
    has_sound,
    is_gone,
    is_whole,
    run_night,
)
from tests.integration.telephony.posts import run_all_jobs

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]


@pytest.fixture
def machine(place: Place, monkeypatch, settings) -> Place:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "sondervoice.settings.dev")
    settings.DATA_DIR = place.folder
    return place


def databases(url: str) -> set[str]:
    with psycopg.connect(url) as owner:
        return {name for (name,) in owner.execute("SELECT datname FROM pg_database")}


def run(place: Place, now):
    return run_drill(shelf=place.shelf, verifier=signer().verifier, now=now)


class TestRunDrill:
    def test_brings_it_back_looks_at_all_of_it_and_leaves_nothing(
        self, cast, machine, make_due, three, settings, monkeypatch, replace_key
    ):
        settings.KEY_COPIES_DIR = str(machine.folder / "apart")
        run_night(cast)
        call, kept = make_due(-1), make_due(-40)
        seal_rows(signer=signer(), now=three.at)
        anchor_checkpoints(store=anchor_store(), now=three.at)
        made = machine.back_up()
        three.move(days=1)
        run_night(cast)
        seal_rows(signer=signer(), now=three.at)
        anchor_checkpoints(store=anchor_store(), now=three.at)
        # The key of the record may have been replaced since the backup.
        monkeypatch.setenv("LEDGER_OLD_KEYS", replace_key())
        before, files = databases(machine.owner_url), set(machine.folder.rglob("*"))

        found = run(machine, three.at + timedelta(hours=2))

        assert found.failure == ""
        assert (found.backup_id, found.rows) == (
            made.manifest.id, made.manifest.row_count
        )  # fmt: skip
        assert (found.recordings, found.batches, found.erased) == (2, 4, 4)
        assert found.sealed_rows > 0
        assert found.loses_s == (24 + 1) * 3600 + 45 * 60
        # One call, on the list of four holders.
        assert found.without_key == 1
        assert found.unreadable_from == three.at + timedelta(days=7)
        assert databases(machine.owner_url) == before
        new = set(machine.folder.rglob("*")) - files
        report = machine.folder / "backups" / "drills" / "drill-20261127T050000Z.json"
        assert new == {report, report.parent, machine.folder / ".drill.lock"}
        assert read_drill(report) == found
        # The living product is as it was.
        assert is_gone(call)
        assert is_whole(kept)
        row = AuditLog.unscoped.get(action="compliance.drill.finished")
        assert row.facts["is_well"] is True
        assert row.facts["erased"] == 4

    def test_says_that_a_broken_backup_does_not_come_back(
        self, cast, machine, make_due, three, settings
    ):
        run_night(cast)
        kept = make_due(-3)
        made = machine.back_up()
        path = made.folder / "database.sealed"
        path.write_bytes(path.read_bytes()[:-1])
        settings.SECURITY_MAIL = "security@clinic.example"
        before = databases(machine.owner_url)

        found = run(machine, three.at)
        run_all_jobs(cast)

        assert (found.failure, found.rows) == ("BackupBrokenError", 0)
        assert databases(machine.owner_url) == before
        assert has_sound(kept)
        assert len(list(key_store().organizations())) > 0
        assert [one.subject for one in mail.outbox] == [
            "The newest backup could not be brought back"
        ]
        row = AuditLog.unscoped.get(action="compliance.drill.finished")
        assert row.facts["is_well"] is False
        (report,) = (machine.folder / "backups" / "drills").iterdir()
        assert json.loads(report.read_text())["failure"] == "BackupBrokenError"


class TestNamedDatabase:
    def test_is_left_empty(
        self, cast, machine, make_due, three, settings, empty_database
    ):
        run_night(cast)
        make_due(-3)
        machine.back_up()
        settings.DRILL_DATABASE_URL = empty_database

        found = run(machine, three.at)

        assert (found.failure, found.recordings) == ("", 1)
        refuse_unless_empty(empty_database)

    def test_is_not_touched_where_it_holds_anything(
        self, cast, machine, make_due, three, settings
    ):
        run_night(cast)
        kept = make_due(-3)
        machine.back_up()
        settings.DRILL_DATABASE_URL = machine.owner_url

        found = run(machine, three.at)

        assert found.failure == "BackupRefusedError"
        assert is_whole(kept)


class TestClock:
    def test_tries_once_a_month_and_not_when_it_is_turned_off(
        self, cast, machine, three, monkeypatch, settings
    ):
        tried = []
        monkeypatch.setattr(
            "compliance.backups.jobs.run_drill", lambda **given: tried.append(given)
        )
        clock()
        assert tried == []
        (machine.folder / "backups" / "backup-20261126T031500Z").mkdir(parents=True)

        clock()
        clock()
        assert len(tried) == 1
        three.move(days=4)
        clock()
        assert len(tried) == 1
        three.move(days=1, hours=2)
        settings.BACKUP_DRILLS = False
        clock()
        assert len(tried) == 1
        settings.BACKUP_DRILLS = True
        clock()
        assert len(tried) == 2
