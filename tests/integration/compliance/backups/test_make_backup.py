import errno
import os
import time
from datetime import timedelta

import pytest

from compliance.backups.dump import snapshot
from compliance.backups.errors import (
    BackupBrokenError,
    BackupRefusedError,
    ProgramFailedError,
    PurgeUnfinishedError,
)
from compliance.backups.manifest import Manifest
from compliance.backups.objects import check_objects, read_list
from compliance.backups.sealed_file import Name, open_stream, sum_of
from compliance.backups.services import make_backup as module
from compliance.ledger.models import AuditLog
from compliance.ledger.signer import signer
from recordings.storage_names import object_name
from tests.integration.compliance.backups.conftest import CANARY, Place
from tests.integration.compliance.ledger.record import TestSigner, owner_connection
from tests.integration.compliance.retention.nights import THREE, run_night

pytestmark = pytest.mark.django_db(transaction=True)

NOW = THREE + timedelta(minutes=15)
SEALED = "database.sealed"


@pytest.fixture
def purged(cast, place, three) -> Place:
    run_night(cast)
    return place


def opened(place: Place, made, part: str = "database") -> bytes:
    with (made.folder / f"{part}.sealed").open("rb") as file:
        name = Name(made.manifest.id, part)
        return b"".join(open_stream(file, key=place.key, name=name))


class TestMakeBackup:
    def test_writes_all_rows_and_recordings_and_says_so_signed(
        self, cast, make_due, purged
    ):
        call = make_due(-3)
        made = purged.back_up()

        said = purged.manifest(made)
        assert said == made.manifest
        assert made.folder.name == "backup-20261126T031500Z"
        assert sorted(one.name for one in made.folder.iterdir()) == [
            "database.sealed", "manifest.txt", "objects", "objects.sealed"
        ]  # fmt: skip
        assert said.made_at == NOW
        assert said.purged_at == THREE
        assert said.tables["public.telephony_call"] == 1
        assert said.tables["public.recordings_utterance"] == 2
        assert said.tables["public.accounts_organization"] == 2
        assert (said.object_count, said.buckets) == (1, {})
        assert said.migrations[0].startswith("account.")
        for part, total in said.parts.items():
            with (made.folder / f"{part}.sealed").open("rb") as file:
                assert sum_of(file) == total
        name = object_name(call.organization_id, call.id)
        copied = (made.folder / "objects" / name).read_bytes()
        assert copied == (purged.folder / "recordings" / name).read_bytes()

    def test_has_the_record_of_every_month(self, cast, purged):
        with owner_connection() as owner:
            ((rows,),) = owner.execute("SELECT count(*) FROM audit_logs").fetchall()
        assert rows > 0

        made = purged.back_up()

        months = [
            count
            for name, count in made.manifest.tables.items()
            if name.startswith("public.audit_logs_")
        ]
        assert sum(months) == rows

    def test_refuses_where_a_policy_hides_rows_from_the_dump(self, cast, purged):
        with owner_connection() as owner:
            owner.execute("ALTER POLICY owner_all ON telephony_call USING (id IS NULL)")
            try:
                with pytest.raises(BackupRefusedError, match="rows of telephony_call"):
                    purged.back_up()
            finally:
                owner.execute("ALTER POLICY owner_all ON telephony_call USING (true)")

        assert purged.shelf.backups() == []

    def test_shows_nobody_anything_in_the_clear(self, cast, make_due, purged):
        make_due(-3)
        made = purged.back_up()

        files = [path for path in made.folder.rglob("*") if path.is_file()]
        raw = b"".join(path.read_bytes() for path in files)
        for words in (CANARY, "Canary Wharfinger", cast.ada.email):
            assert words.encode() not in raw
        assert b"PGDMP" in opened(purged, made)
        assert {path.stat().st_mode & 0o777 for path in files} == {0o600}

    def test_takes_neither_keys_nor_keyring(self, cast, make_due, purged):
        make_due(-3)
        made = purged.back_up()
        keys = list((purged.folder / "keys").rglob("call-*"))
        assert len(keys) == 1

        secrets = [one.read_bytes() for one in keys]
        secrets.append((purged.folder / "keyring").read_bytes())
        secrets.append(purged.key)
        whole = b"".join(
            path.read_bytes() for path in made.folder.rglob("*") if path.is_file()
        ) + opened(purged, made)
        assert not any(secret in whole for secret in secrets)

    def test_is_written_into_the_record(self, cast, make_due, purged):
        make_due(-3)
        made = purged.back_up()

        row = AuditLog.unscoped.get(action="compliance.backup.made")
        assert row.subject_id == made.manifest.id
        assert row.facts == {
            "rows": made.manifest.row_count,
            "recordings": 1,
            "size_bytes": made.manifest.size_bytes,
            "in_buckets": 0,
            "not_counted": 0,
            "deleted": 0,
        }

    def test_leaves_out_a_recording_that_no_row_of_it_knows(
        self, cast, make_due, purged
    ):
        call = make_due(-3)
        stored = object_name(call.organization_id, call.id)
        later = time.time() + 3600
        os.utime(purged.folder / "recordings" / stored, (later, later))

        made = purged.back_up()

        assert made.manifest.object_count == 0
        assert list((made.folder / "objects").iterdir()) == []

    def test_links_a_recording_that_the_last_one_has(self, cast, make_due, purged):
        call = make_due(-3)
        first = purged.back_up()
        make_due(-4)

        second = purged.back_up(NOW + timedelta(hours=1))

        name = object_name(call.organization_id, call.id)
        one, two = (made.folder / "objects" / name for made in (first, second))
        assert one.stat().st_ino == two.stat().st_ino
        assert (first.manifest.object_count, second.manifest.object_count) == (1, 2)
        check_objects(
            second.folder / "objects", read_list([opened(purged, second, "objects")])
        )

    def test_is_not_made_before_the_erasure_is_finished(
        self, cast, place, make_due, three
    ):
        with pytest.raises(PurgeUnfinishedError) as refused:
            place.back_up()

        assert refused.value.clinics == 2
        assert not (place.folder / "backups").exists()
        assert not AuditLog.unscoped.filter(action="compliance.backup.made").exists()

    def test_deletes_those_whose_days_are_over(self, cast, purged, settings):
        settings.BACKUP_KEEP_DAYS = 7
        for name in ("20261119T031500Z", "20261119T031501Z"):
            (purged.folder / "backups" / f"backup-{name}").mkdir(parents=True)

        made = purged.back_up()

        assert made.deleted == 1
        assert [one.folder.name for one in purged.shelf.backups()] == [
            "backup-20261126T031500Z", "backup-20261119T031501Z"
        ]  # fmt: skip


class TestNoHalfOne:
    def _left(self, place: Place) -> list[str]:
        folder = place.folder / "backups"
        return sorted(one.name for one in folder.iterdir() if one.name != ".lock")

    def test_is_left_where_there_is_no_room(self, cast, purged, monkeypatch):
        def full(*_: object, **__: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(module, "seal_stream", full)

        with pytest.raises(OSError, match="No space left"):
            purged.back_up()

        assert self._left(purged) == []

    def test_is_left_where_the_dump_fails(self, cast, purged, tmp_path, monkeypatch):
        false = tmp_path / "bin" / "pg_dump"
        false.parent.mkdir()
        false.write_text(
            '#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 99.1"\n'
            "echo half of it\nexit 1\n"
        )
        false.chmod(0o700)
        monkeypatch.setattr(
            "compliance.backups.programs._candidates", lambda _name: iter([false])
        )

        with pytest.raises(ProgramFailedError):
            purged.back_up()

        assert self._left(purged) == []

    def test_is_taken_for_a_whole_one(self, cast, purged):
        draft = purged.folder / "backups" / ".backup-20261126T031000Z.ab12.part"
        draft.mkdir(parents=True)
        (draft / SEALED).write_bytes(b"half of it")
        assert purged.shelf.backups() == []

        made = purged.back_up()

        assert self._left(purged) == [made.folder.name]

    def test_is_made_beside_another(self, cast, purged):
        with purged.shelf.alone(), pytest.raises(BackupRefusedError, match="Another"):
            purged.back_up()

    def test_keeps_the_snapshot_when_rows_come_meanwhile(self, cast, make_due, purged):
        make_due(-3)
        with snapshot(purged.owner_url) as seen:
            before = seen.count_rows()
            make_due(-4)
            assert seen.count_rows() == before


class TestManifest:
    def test_is_not_believed_when_it_was_changed_or_is_signed_by_another(
        self, cast, purged
    ):
        made = purged.back_up()
        note = (made.folder / "manifest.txt").read_text()
        verifiers = [signer().verifier]
        assert Manifest.from_note(note, verifiers) == made.manifest

        forged = made.manifest.signed(TestSigner())
        for other in (note.replace('"anchors": 0', '"anchors": 1'), forged, "", "x"):
            with pytest.raises(BackupBrokenError):
                Manifest.from_note(other, verifiers)

    def test_is_no_checkpoint_nor_the_other_way_round(self):
        note = signer().sign("sondervoice/0\n1\n" + "A" * 43 + "=\nsealed now\n")

        with pytest.raises(BackupBrokenError, match="no manifest"):
            Manifest.from_note(note, [signer().verifier])
