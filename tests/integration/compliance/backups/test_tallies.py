"""A file of the list of erasures that is gone is noticed, and named."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from compliance.backups.erasure_list import KEPT, Erasure, erasure_list
from compliance.backups.errors import BackupBrokenError
from compliance.backups.jobs import backup as clock
from compliance.backups.services import tally_erasures as tallying
from compliance.backups.services.run_drill import read_drill, run_drill
from compliance.backups.services.tally_erasures import find_missing, tally_erasures
from compliance.backups.tallies import tally_book
from compliance.ledger.models import AuditLog
from compliance.ledger.signer import signer
from tests.integration.compliance.ledger.record import TestSigner
from tests.integration.compliance.retention.nights import THREE, run_night

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]


def erase(number: int, *, at: datetime = THREE) -> str:
    """Put a batch on the list; return its name there."""
    one = Erasure(
        batch_id=UUID(int=number),
        organization_id=UUID(int=100),
        holder="recordings.audio",
        ids=[UUID(int=7)],
        erased_at=at,
    )
    erasure_list().add([one], signer())
    return f"{at.date()}/{one.batch_id}.txt"


def tally(at: datetime = THREE) -> int:
    return tally_erasures(signer=signer(), now=at)


def missing(since: datetime | None = THREE, *, now: datetime = THREE) -> list[str]:
    return find_missing(erasure_list(), [signer().verifier], since=since, now=now)


def path_of(number: int) -> Path:
    return tally_book()._path(number)


class TestTally:
    def test_names_what_is_new_once(self, place):
        first, second = erase(1), erase(2)
        assert tally() == 2
        assert tally() == 0
        third = erase(3)
        assert tally(THREE + timedelta(minutes=10)) == 1

        one, two = (tally_book().read(n, [signer().verifier]) for n in (1, 2))
        assert sorted(one.sums) == sorted([first, second])
        assert (list(two.sums), one.before) == ([third], "")
        assert two.before == tally_book().sum_of(1)
        rows = AuditLog.unscoped.filter(action="compliance.erasures.tallied")
        assert [
            (row.facts["number"], row.facts["files"])
            for row in rows.order_by("at", "id")
        ] == [(1, 2), (2, 1)]
        assert missing() == []

    def test_names_a_batch_that_is_listed_long_after_its_day(self, place):
        erase(1)
        tally()
        later = THREE + timedelta(days=30)
        erase(2, at=later)
        tally(later)
        late = erase(3, at=THREE - timedelta(days=1))
        # Its folder was written to a minute before the tally by the machine's clock.
        now = datetime.now(UTC)
        last = tally_book().read(2, [signer().verifier])
        assert last.at == later

        found = erasure_list().files(changed_since=now - timedelta(minutes=1))

        assert late in found

    def test_is_written_by_the_clock(self, place, settings, stopped_clock):
        settings.BACKUP_DIR = ""
        stopped_clock.at = THREE
        erase(1)

        clock()

        assert tally_book().last_number() == 1

    def test_that_cannot_be_written_holds_no_backup_up(
        self, cast, place, three, settings, caplog
    ):
        run_night(cast)
        erase(1)
        (place.folder / "anchors").mkdir(exist_ok=True)
        (place.folder / "anchors" / "erasures").write_text("no folder")

        clock()

        assert "erasures not tallied" in caplog.text
        assert len(place.shelf.backups()) == 1

    def test_stands_though_its_writer_died_before_the_record_had_it(
        self, place, monkeypatch
    ):
        name = erase(1)
        with monkeypatch.context() as killed:
            killed.setattr(tallying, "_record", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                tally()
        assert tally() == 0
        erasure_list().path(name).unlink()

        assert missing() == [f"{name} is missing"]

    def test_by_two_workers_at_once_leaves_nothing_out(self, place):
        names = {erase(number) for number in range(20)}
        both = threading.Barrier(2)

        def work() -> None:
            both.wait(timeout=20)
            tally()
            connection.close()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for one in workers:
            one.start()
        for one in workers:
            one.join(timeout=60)

        book = tally_book()
        said = [
            name for one in book.newest_first([signer().verifier]) for name in one.sums
        ]
        assert set(said) == names
        assert missing() == []


class TestMissing:
    @pytest.fixture(autouse=True)
    def _three_tallies(self, place) -> None:
        self.names = []
        for number in range(1, 4):
            self.names.append(erase(number))
            tally(THREE + timedelta(minutes=10 * number))

    def test_is_a_file_that_was_deleted_or_changed(self):
        erasure_list().path(self.names[0]).unlink()
        changed = erasure_list().path(self.names[2])
        changed.chmod(0o600)
        changed.write_text("x")

        assert missing() == [
            f"{self.names[2]} is not what it was",
            f"{self.names[0]} is missing",
        ]

    def test_is_a_folder_that_was_deleted(self, place):
        erasure_list().drop_before(THREE + timedelta(days=1))

        assert len(missing()) == 3

    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_is_a_tally_wherever_it_stood(self, number):
        """The last one too: the record has its number."""
        path_of(number).unlink()

        assert missing() == [f"tally {number} is missing"]

    def test_is_a_tally_that_another_of_ours_replaced(self, place):
        path_of(2).unlink()
        last = path_of(3).rename(place.folder / "apart")
        tally_book().add({}, signer(), at=THREE)
        last.rename(path_of(3))

        assert missing() == ["tally 2 is not what it was"]

    def test_is_a_last_tally_that_another_of_ours_replaced(self):
        path_of(3).unlink()
        tally_book().add({}, signer(), at=THREE + timedelta(minutes=30))

        assert missing() == ["tally 3 is not the one that the record has"]

    def test_believes_nobody_else(self):
        path_of(3).unlink()
        tally_book().add({}, TestSigner(), at=THREE)

        with pytest.raises(BackupBrokenError, match=r"tally 3 .* is not ours"):
            missing()

    def test_is_no_day_that_is_older_than_the_backup(self):
        path_of(2).unlink()
        erasure_list().drop_before(THREE + timedelta(days=1))
        later = THREE + timedelta(days=3)
        erase(9, at=later)
        tally(later)

        assert missing(later + timedelta(hours=1)) == []
        assert missing(None, now=later) != []
        assert missing(None, now=later + KEPT) == []


class TestDrill:
    def test_names_it(self, cast, place, three, monkeypatch, settings):
        monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "sondervoice.settings.dev")
        settings.DATA_DIR = place.folder
        run_night(cast)
        place.back_up()
        name = erase(1, at=three.at)
        tally(three.at)
        erasure_list().path(name).unlink()

        found = run_drill(shelf=place.shelf, verifier=signer().verifier, now=three.at)

        assert (found.failure, found.missing) == (
            "ErasuresMissingError", [f"{name} is missing"],
        )  # fmt: skip
        (report,) = (place.folder / "backups" / "drills").iterdir()
        assert read_drill(report).missing == found.missing
