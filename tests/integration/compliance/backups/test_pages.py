from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from compliance.backups.services.run_drill import REPORTS, Drill, write_report
from tests.cast import Cast
from tests.cast_fixtures import SignIn
from tests.integration.accounts.operators.conftest import tove

__all__ = ["tove"]

CLINIC, OPERATORS = "/app/settings/encryption/", "/admin/backups/"
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.fixture
def shelf(tmp_path: Path, settings, stopped_clock) -> Path:
    stopped_clock.at = NOW
    settings.BACKUP_DIR = str(tmp_path / "backups")
    for name in ("20261126T031500Z", "20260901T031500Z"):
        (tmp_path / "backups" / f"backup-{name}").mkdir(parents=True)
    return tmp_path / "backups"


def drill(folder: Path, **fields: object) -> None:
    given = {"rows": 12_345, "recordings": 67, "took_s": 89, "sealed_rows": 4_321}
    one = Drill(
        started_at=NOW - timedelta(days=25),
        backup_at=NOW - timedelta(days=25, hours=2),
        **{**given, **fields},
    )
    write_report(folder / REPORTS, one)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.django_db
class TestClinicsPage:
    def test_says_the_dates_in_words(
        self, cast: Cast, shelf: Path, signed_in: SignIn, settings
    ):
        drill(shelf)
        settings.KEY_COPIES_DIR = "/mnt/apart"

        said = text(signed_in(cast.cy).get(CLINIC))

        # In Chicago.
        assert "<dd> 25 November 2026, 21:15 </dd>" in said
        assert "31 August 2026, each for 90 days" in said
        assert "1 November 2026: everything came back" in said
        assert "Out of all backups by 24 February 2027" in said
        assert "by 3 December 2026." in said
        assert "Late" not in said
        assert "may make others beside these" in said

    def test_gives_no_date_for_keys_whose_copies_only_a_hand_ends(
        self, cast: Cast, shelf: Path, signed_in: SignIn
    ):
        said = text(signed_in(cast.cy).get(CLINIC))

        assert "once the last copies of its key are gone." in said
        assert "Out of all backups by 24 February 2027" in said

    def test_says_that_it_is_late_and_that_one_did_not_come_back(
        self, cast: Cast, shelf: Path, signed_in: SignIn, stopped_clock
    ):
        drill(shelf, failure="BackupBrokenError")
        stopped_clock.move(hours=18)

        said = text(signed_in(cast.cy).get(CLINIC))

        assert '<span class="tag">Late</span>' in said
        assert "it did not come back, and we were told" in said
        assert "BackupBrokenError" not in said

    def test_says_where_there_are_none_yet(
        self, cast: Cast, signed_in: SignIn, settings, tmp_path: Path
    ):
        settings.BACKUP_DIR = str(tmp_path / "nothing")

        said = text(signed_in(cast.cy).get(CLINIC))

        assert said.count("None yet") == 2
        assert "Not yet" in said

    def test_says_where_somebody_else_makes_them(
        self, cast: Cast, signed_in: SignIn, settings
    ):
        settings.BACKUP_DIR = ""

        said = text(signed_in(cast.cy).get(CLINIC))

        assert "made by whoever runs the database" in said


@pytest.mark.django_db(transaction=True, databases=["default", "operator"])
class TestOperatorsPage:
    def test_says_what_the_last_drill_found(self, shelf: Path, tove, signed_in: SignIn):
        drill(shelf)

        answer = signed_in(tove).get(OPERATORS)

        said = text(answer)
        assert answer.status_code == 200
        assert "Newest: 26 November 2026, 03:15 UTC" in said
        assert "The backup came back whole" in said
        assert "12,345 rows and 67 recordings in 89 s" in said

    def test_names_what_failed(self, shelf: Path, tove, signed_in: SignIn):
        drill(shelf, failure="BackupBrokenError")
        (shelf / REPORTS / "drill-20261127T000000Z.json").write_text("{}")

        said = text(signed_in(tove).get(OPERATORS))

        assert "The backup did not come back: BackupBrokenError" in said
        assert "came back in the last drill" not in said

    def test_is_for_operators(self, cast: Cast, shelf: Path, signed_in: SignIn):
        assert signed_in(cast.ada).get(OPERATORS).status_code in {302, 403, 404}
