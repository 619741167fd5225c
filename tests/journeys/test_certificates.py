"""How an owner reads the certificate of a night and takes it along."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from compliance.certificates.models import DeletionCertificate
from compliance.retention.jobs import purge
from compliance.tasks import seal_ledger
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.models import OutboxJob
from tests.cast import NOW, Cast
from tests.cast_calls import leave_message, make_call, say
from tests.cast_sound import store_sound
from tests.fakes.processor import ScriptedProcessor, refusal
from tests.integration.compliance.copies.conftest import telnyx
from tests.integration.telephony.posts import LONG, run_all_jobs
from tests.journeys import looks

__all__ = ["telnyx"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]


@pytest.fixture
def night(cast: Cast, telnyx: ScriptedProcessor) -> Callable[[], None]:
    """Lets a night erase two calls of 200 days ago."""

    def night() -> None:
        with tenancy.scope(cast.alder.organization.id):
            for days in (200, 201):
                call = make_call(cast.alder, at=utc_now() - timedelta(days=days))
                say(call, 1, "caller", "words", at_ms=10)
                leave_message(call, "please call", name="Hannah")
                store_sound(call)
                telnyx.kept.setdefault(f"leg:{call.carrier_call_id}", days - 200)
        purge()
        run_all_jobs(cast)
        seal_ledger()
        with tenancy.scope(cast.alder.organization.id):
            waiting = OutboxJob.objects.filter(task="compliance.issue_certificate")
            waiting.filter(done_at=None).update(next_at=NOW - LONG, attempts=0)
        run_all_jobs(cast)

    return night


@pytest.fixture
def look(adas_page: Page) -> Callable[[str], list[str]]:
    """Return what is wrong with the page, under a name."""
    return lambda name: looks.look(adas_page, f"certificates-{name}")


class TestCertificates:
    @pytest.fixture
    def page(self, adas_page: Page) -> Page:
        adas_page.set_viewport_size(looks.PHONE)
        adas_page.goto("/app/settings/retention/")
        return adas_page

    def test_are_found_read_and_taken_along(
        self, page: Page, night, cast: Cast, look, tmp_path: Path
    ):
        page.get_by_role("link", name="Certificates").click()
        expect(page.get_by_text("Nothing has been erased yet.")).to_be_visible()
        found = look("empty")
        night()
        page.reload()
        found += look("list")
        page.get_by_role("link", name="No. 1").click()
        expect(page.get_by_text("Asked about 2 calls")).to_be_visible()
        found += look("one")
        with page.expect_download() as taken:
            page.get_by_role("link", name="JSON").click()
        taken.value.save_as(tmp_path / "certificate.json")

        said = json.loads((tmp_path / "certificate.json").read_text("utf-8"))
        with tenancy.scope(cast.alder.organization.id):
            certificate = DeletionCertificate.objects.get()
        assert said["note"] == certificate.note
        assert found == []

    def test_say_for_what_one_waits(
        self, page: Page, night, telnyx: ScriptedProcessor, look
    ):
        telnyx.problems.append(refusal("status_403"))
        night()
        page.get_by_role("link", name="Certificates").click()
        expect(page.get_by_text("1 copy elsewhere may still exist")).to_be_visible()

        assert look("waiting") == []
