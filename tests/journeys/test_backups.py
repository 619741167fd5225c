"""How backups stand, as an owner and as an operator see it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from accounts.models import User
from compliance.backups.services.run_drill import REPORTS, Drill, write_report
from sondervoice.kernel.clock import utc_now
from tests.cast_fixtures import SignIn
from tests.integration.accounts.operators.conftest import tove
from tests.journeys.test_operators import _become, _look

__all__ = ["tove"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "operator"]),
]
CLINIC, OPERATORS = "/app/settings/encryption/", "/admin/backups/"


def make_shelf(folder: Path, *, failure: str, hours: int) -> None:
    now = utc_now()
    for days in (0, 60):
        at = now - timedelta(days=days, hours=hours)
        (folder / f"backup-{at:%Y%m%dT%H%M%SZ}").mkdir(parents=True)
    drill = Drill(
        started_at=now - timedelta(days=3),
        failure=failure,
        backup_at=now - timedelta(days=3, hours=2),
        took_s=412,
        rows=1_204_551,
        recordings=30_417,
        sealed_rows=904_112,
        batches=61,
        erased=2_208,
    )
    write_report(folder / REPORTS, drill)


@pytest.fixture(params=["well", "ill", "none", "elsewhere"])
def shelf(request, settings, tmp_path: Path) -> Iterator[str]:
    settings.BACKUP_DIR = "" if request.param == "elsewhere" else str(tmp_path / "b")
    if request.param == "well":
        make_shelf(tmp_path / "b", failure="", hours=5)
    if request.param == "ill":
        make_shelf(tmp_path / "b", failure="BackupBrokenError", hours=31)
    return request.param


class TestBackups:
    def test_have_no_violation_and_no_overflow_for_a_clinic(
        self, adas_page: Page, shelf: str
    ):
        assert _look(adas_page, {f"backups-clinic-{shelf}": CLINIC}, "body") == {}

    def test_have_none_on_the_operators_page(
        self, page: Page, shelf: str, tove: User, signed_in: SignIn, live_server
    ):
        _become(page, signed_in(tove), live_server)

        assert _look(page, {f"backups-operators-{shelf}": OPERATORS}, ".desk") == {}
