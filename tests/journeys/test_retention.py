"""How an owner keeps less, holds something, and reads what the night took."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from compliance.retention.jobs import purge
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast
from tests.cast_calls import make_call, say
from tests.cast_sound import store_sound
from tests.integration.telephony.posts import run_all_jobs
from tests.journeys import looks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CASE = "Letter of Birch Legal, case 7"


@pytest.fixture
def old(cast: Cast) -> str:
    with tenancy.scope(cast.alder.organization.id):
        for days in (100, 120, 400):
            call = make_call(cast.alder, at=utc_now() - timedelta(days=days))
            say(call, 1, "caller", "words", at_ms=10)
            store_sound(call)
    return str(call.id)


@pytest.fixture
def look(adas_page: Page) -> Callable[[str], list[str]]:
    """Return what is wrong with the page, under a name."""
    return lambda name: looks.look(adas_page, f"retention-{name}")


class TestRetention:
    @pytest.fixture
    def page(self, adas_page: Page) -> Page:
        adas_page.set_viewport_size(looks.PHONE)
        adas_page.goto("/app/settings/retention/")
        return adas_page

    def test_is_shortened_once_it_is_seen_what_goes(
        self, page: Page, cast: Cast, old: str, look
    ):
        found = look("empty")
        page.get_by_label("Recording", exact=True).select_option("90")
        page.get_by_label("Transcript", exact=True).select_option("90")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("3 recordings, 3 transcripts, 1")).to_be_visible()
        found += look("shorten")
        page.get_by_role("button", name="Keep less").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        run_all_jobs(cast)
        purge()
        run_all_jobs(cast)
        page.goto("/app/settings/retention/")
        expect(page.get_by_text("gone, looked at again")).to_be_visible()
        found += look("after")
        page.get_by_role("link", name="What and why").click()
        expect(page.get_by_role("heading", name="What is held")).to_be_visible()
        found += look("purposes")

        assert found == []

    def test_is_held_renewed_and_released_with_a_reason(
        self, page: Page, old: str, look
    ):
        page.get_by_role("link", name="Place a hold").click()
        found = look("hold")
        page.get_by_label("One call: the address of its page").fill(old)
        page.get_by_label("Why").fill(CASE)
        page.get_by_role("button", name="Place the hold").click()
        expect(page.get_by_role("cell", name=CASE, exact=True)).to_be_visible()
        found += look("held")
        page.get_by_role("link", name="Look again").click()
        found += look("review")
        page.get_by_label("Look again on").fill("2099-01-01")
        page.get_by_role("button", name="Still needed").click()
        expect(page.get_by_text("1 Jan 2099")).to_be_visible()
        page.get_by_role("link", name="Release").click()
        found += look("release")
        page.get_by_label("Why").fill("Settled")
        page.get_by_role("button", name="Release").click()
        expect(page.get_by_text("Nothing is held.")).to_be_visible()

        assert found == []
