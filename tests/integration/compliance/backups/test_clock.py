from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from compliance.backups.erasure_list import erasure_list
from compliance.backups.jobs import backup
from compliance.ledger.models import AuditLog
from compliance.ledger.signer import signer
from compliance.retention.errors import StillThereError
from compliance.retention.jobs import purge
from compliance.retention.models import RetentionBatch
from compliance.retention.services import purge as purging
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.integration.compliance.retention.nights import (
    THREE,
    has_key,
    is_gone,
    run_night,
    run_of,
)
from tests.integration.telephony.posts import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)

LETTER = "There is no new backup"


def actions() -> list[str]:
    rows = AuditLog.unscoped.filter(action__startswith="compliance.backup.")
    return [row.action.rpartition(".")[2] for row in rows.order_by("at", "id")]


class TestClock:
    def test_stands_in_the_schedule_every_ten_minutes(self, settings):
        entry = settings.CELERY_BEAT_SCHEDULE["backup"]

        assert entry["task"] == "compliance.backup"
        assert entry["schedule"].minute == set(range(0, 60, 10))

    def test_makes_one_a_day_after_the_erasure(self, cast, place, three):
        backup()
        assert place.shelf.backups() == []
        assert "refused" not in actions()

        run_night(cast)
        three.move(minutes=10)
        backup()
        three.move(minutes=10)
        backup()

        assert [one.made_at for one in place.shelf.backups()] == [
            THREE + timedelta(minutes=10)
        ]
        assert actions() == ["missed", "made"]

    def test_says_once_that_the_erasure_holds_it_up(self, cast, place, three, settings):
        settings.SECURITY_MAIL = "security@clinic.example"
        (place.folder / "backups" / "backup-20261125T031500Z").mkdir(parents=True)
        three.move(minutes=29)
        backup()
        assert actions() == []

        three.move(minutes=1)
        backup()
        three.move(minutes=10)
        backup()
        run_all_jobs(cast)

        assert actions() == ["refused"]
        assert [one.subject for one in mail.outbox] == [LETTER]
        assert "25 November 2026 03:15 UTC" in mail.outbox[0].body

    def test_says_once_a_day_that_the_newest_is_older_than_26_hours(
        self, cast, place, three, settings, caplog
    ):
        settings.SECURITY_MAIL = "security@clinic.example"
        settings.BACKUP_KEY_PATH = place.folder / "lost"
        (place.folder / "backups" / "backup-20261125T010000Z").mkdir(parents=True)
        run_night(cast)
        backup()
        assert actions() == []
        assert "no backup was made" in caplog.text

        three.move(minutes=1)
        backup()
        backup()
        run_all_jobs(cast)

        assert actions() == ["missed"]
        row = AuditLog.unscoped.get(action="compliance.backup.missed")
        assert row.facts == {"has_any": True, "hours": 26}
        assert [one.subject for one in mail.outbox] == [LETTER]

    def test_does_nothing_where_no_place_is_named(self, cast, place, three, settings):
        settings.BACKUP_DIR = ""
        run_night(cast)

        backup()

        assert actions() == []
        assert not (place.folder / "backups").exists()


def _put_backup(place, at) -> None:
    folder = place.folder / "backups" / f"backup-{at:%Y%m%dT%H%M%SZ}"
    folder.mkdir(parents=True)
    (folder / "manifest.txt").write_text("said")


class TestOldOnes:
    @pytest.mark.parametrize("holds_up", ["erasure", "key", "owner"])
    def test_go_although_no_new_one_can_be_made(
        self, cast, place, three, settings, holds_up
    ):
        old, newer = THREE - timedelta(days=90), THREE - timedelta(days=89, hours=22)
        _put_backup(place, old)
        _put_backup(place, newer)
        if holds_up != "erasure":
            run_night(cast)
        if holds_up == "key":
            settings.BACKUP_KEY_PATH = place.folder / "lost"
        if holds_up == "owner":
            settings.DATABASE_OWNER_URL = ""

        backup()

        assert [one.made_at for one in place.shelf.backups()] == [newer]
        assert "made" not in actions()
        assert "ended" in actions()
        row = AuditLog.unscoped.get(action="compliance.backup.ended")
        assert row.facts == {"count": 1}

    def test_go_before_they_are_too_old_at_the_next_look(self, cast, place, three):
        _put_backup(place, THREE)
        three.at = THREE + timedelta(days=90) - timedelta(hours=1, seconds=1)
        backup()
        assert len(place.shelf.backups()) == 1

        three.move(seconds=1)
        backup()

        assert place.shelf.backups() == []

    def test_wait_while_one_is_written(self, cast, place, three):
        _put_backup(place, THREE - timedelta(days=91))

        with place.shelf.alone():
            backup()
            assert len(place.shelf.backups()) == 1

        backup()
        assert place.shelf.backups() == []

    def test_that_cannot_go_keep_their_days_of_the_list(
        self, cast, place, three, monkeypatch, caplog
    ):
        made_at = THREE - timedelta(days=120)
        _put_backup(place, made_at)
        for days in (99, 101, 120, 121, 122):
            day = (THREE - timedelta(days=days)).date().isoformat()
            (place.folder / "erasures" / day).mkdir(parents=True)

        def is_stuck(*_args: object) -> None:
            raise PermissionError

        with monkeypatch.context() as stuck:
            stuck.setattr(Path, "rename", is_stuck)
            backup()
        assert "old backups stay" in caplog.messages
        assert len(list((place.folder / "erasures").iterdir())) == 4

        run_night(cast)
        backup()

        left = [path.name for path in (place.folder / "erasures").iterdir()]
        assert left == [(THREE - timedelta(days=99)).date().isoformat()]


class TestCommand:
    def test_refuses_before_the_erasure_is_finished_and_writes_it_down(
        self, cast, place, three
    ):
        with pytest.raises(CommandError, match="not finished for 2 clinics"):
            call_command("backup", str(place.folder / "backups"))

        assert actions() == ["refused"]
        assert place.shelf.backups() == []

    def test_says_what_was_made(self, cast, place, three):
        run_night(cast)
        out = StringIO()

        call_command("backup", stdout=out)

        assert "0 recordings in" in out.getvalue()
        assert out.getvalue().endswith(
            "backup-20261126T030000Z; 0 old backups deleted\n"
        )

    @pytest.mark.parametrize("named", [[], ["usb"]])
    def test_asks_where_to(self, settings, tmp_path, named):
        settings.BACKUP_DIR = ""

        with pytest.raises(CommandError, match="Set BACKUP_DIR"):
            call_command("backup", *[str(tmp_path / one) for one in named])

        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("elsewhere", ["usb", "backups/before", "backups/.."])
    def test_makes_none_where_nothing_ends_it(self, cast, place, three, elsewhere):
        run_night(cast)
        folder = place.folder / elsewhere

        with pytest.raises(CommandError, match="nothing deletes it after 90 days"):
            call_command("backup", str(folder))

        assert list(place.folder.rglob("backup-*")) == []
        assert "made" not in actions()

    def test_needs_the_owner(self, settings, tmp_path):
        settings.BACKUP_DIR = str(tmp_path)
        settings.DATABASE_OWNER_URL = ""

        with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
            call_command("backup")


class TestListOfErasures:
    def test_has_each_batch_before_it_counts_as_gone(
        self, cast, place, make_due, three, monkeypatch
    ):
        call = make_due(0)
        alder = cast.alder.organization.id

        def full(*_: object) -> None:
            raise OSError

        purge()
        run = run_of(alder)
        with monkeypatch.context() as broken:
            broken.setattr(purging, "list_erasures", full)
            with pytest.raises(StillThereError):
                purging.purge(organization_id=alder, run_id=run.id, now=THREE)
        with tenancy.scope(alder):
            assert RetentionBatch.objects.filter(checked_at=None).count() == 4
        assert run_of(alder).finished_at is None
        assert has_key(call)
        assert list(erasure_list().since(None, [signer().verifier])) == []

        three.move(minutes=10)
        run_night(cast)

        assert is_gone(call)
        assert run_of(alder).finished_at is not None
        listed = list(erasure_list().since(None, [signer().verifier]))
        assert sorted(one.holder for one in listed) == [
            "recordings.audio", "recordings.transcript",
            "telephony.fields", "telephony.metadata",
        ]  # fmt: skip
        assert {(one.organization_id, *one.ids) for one in listed} == {(alder, call.id)}
        assert {one.erased_at for one in listed} == {THREE}

    def test_lets_days_go_that_are_older_than_any_backup(self, place, three):
        for day in ("2026-08-17", "2026-08-18", "2026-11-26"):
            (place.folder / "erasures" / day).mkdir(parents=True)

        three.at = THREE
        backup()

        left = sorted(one.name for one in (place.folder / "erasures").iterdir())
        assert left == ["2026-08-18", "2026-11-26"]
        assert utc_now() == THREE
