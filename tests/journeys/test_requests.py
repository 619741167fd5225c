"""How an owner enters a request, approves it, and takes data along."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from compliance.rights.models import RightsRequest
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import HANNAH, Cast
from tests.cast_day import Day
from tests.integration.telephony.posts import run_all_jobs
from tests.journeys import looks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = "/app/settings/requests/"


@pytest.fixture
def look(adas_page: Page) -> Callable[[str], list[str]]:
    """Return what is wrong with the page, under a name."""
    return lambda name: looks.look(adas_page, f"requests-{name}")


def _enter(page: Page, kind: str) -> None:
    page.goto(HERE)
    page.get_by_role("link", name="Enter a request").click()
    page.get_by_label("What they ask for").select_option(kind)
    page.get_by_label("The number they call from").fill(HANNAH)
    page.get_by_label("What they said").fill("Everything, please.")
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_text("Entered. Approve or refuse it in time.")).to_be_visible()


class TestRequests:
    @pytest.fixture
    def page(self, adas_page: Page, day: Day) -> Page:
        adas_page.set_viewport_size(looks.PHONE)
        return adas_page

    def test_of_a_copy_goes_from_the_desk_to_a_package(
        self, page: Page, cast: Cast, day: Day, look, tmp_path: Path
    ):
        page.goto(HERE)
        found = look("empty")
        page.get_by_role("link", name="Enter a request").click()
        found += look("enter")
        _enter(page, "access")
        found += look("request")
        page.get_by_role("link", name="Put off").click()
        found += look("extend")
        page.get_by_role("link", name="Back").click()
        page.get_by_role("link", name="Approve").click()
        found += look("approve-copy")
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("Approved. It goes on by itself")).to_be_visible()
        run_all_jobs(cast)
        page.reload()
        found += look("packed")
        with page.expect_download() as saved:
            page.get_by_role("button", name="Download the package").click()
        kept = tmp_path / "package.zip"
        saved.value.save_as(kept)
        archive = zipfile.ZipFile(io.BytesIO(kept.read_bytes()))
        archive.extractall(tmp_path)
        page.goto(f"file://{tmp_path}/index.html")
        expect(page.get_by_role("heading", level=1)).to_contain_text(HANNAH)
        found += look("package")

        assert found == []

    def test_to_erase_wants_a_word_and_leaves_nothing(
        self, page: Page, cast: Cast, day: Day, look
    ):
        _enter(page, "erase")
        page.get_by_role("link", name="Approve").click()
        found = look("approve")
        page.get_by_label("Type erase to go on").fill("erase")
        page.get_by_role("button", name="Erase everything").click()
        expect(page.get_by_text("Approved. It goes on by itself")).to_be_visible()
        run_all_jobs(cast)
        page.reload()
        expect(page.get_by_text("Who asked is forgotten: it is not")).to_be_visible()
        found += look("erased")

        assert found == []

    def test_are_listed_by_their_day_with_marks(
        self, page: Page, cast: Cast, day: Day, look
    ):
        _enter(page, "rectify")
        found = look("rectify")
        page.get_by_label("Call of").first.fill("Hannah Brandt-Lee")
        page.get_by_role("button", name="Correct").first.click()
        expect(page.get_by_text("Corrected.")).to_be_visible()
        _enter(page, "erase")
        page.get_by_role("link", name="Refuse").click()
        found += look("refuse")
        page.get_by_label("In your own words").fill("Case 7 is open.")
        page.get_by_role("button", name="Refuse").click()
        _enter(page, "restrict")
        page.get_by_role("link", name="Approve").click()
        page.get_by_role("button", name="Approve").click()
        run_all_jobs(cast)
        _enter(page, "object")
        with tenancy.scope(cast.alder.organization.id):
            late = RightsRequest.objects.filter(kind="rectify")
            late.update(due_on=utc_now().date() - timedelta(days=2))
            near = RightsRequest.objects.filter(kind="object")
            near.update(due_on=utc_now().date() + timedelta(days=3))
        page.goto(HERE)
        page.get_by_text("Concluded: 2").click()
        found += look("list")
        page.get_by_role("link", name="Lift").click()
        found += look("lift")
        page.goto(f"/app/calls/{day.booked.id}/")
        expect(page.get_by_text("Restricted", exact=True)).to_be_visible()
        found += look("restricted-call")

        assert found == []

    def test_of_the_owner_takes_all_data_along(self, page: Page, day: Day, look):
        page.goto("/app/settings/export/")
        found = look("export")
        page.get_by_role("button", name="Make a link").click()
        found += look("export-link")
        with page.expect_download() as saved:
            page.get_by_role("link", name="Download the archive").click()

        assert saved.value.suggested_filename.startswith("alder-")
        assert found == []
