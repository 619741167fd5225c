"""How an owner deletes a call, undoes it, empties the bin, and reads statistics."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from telephony.models import Call
from telephony.statistics.services.count_weeks import count_weeks
from tests.cast import Cast
from tests.cast_calls import leave_message, make_appointment, make_call, say
from tests.cast_sound import store_sound
from tests.integration.telephony.posts import run_all_jobs
from tests.journeys import looks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# What is counted outlives a test; no other counts this month.
LONG_AGO = datetime(2025, 3, 3, 18, tzinfo=UTC)
OUTCOMES = ("booked", "booked", "info", "message", "transferred")


@pytest.fixture
def call(cast: Cast) -> Call:
    with tenancy.scope(cast.alder.organization.id):
        now = utc_now()
        call = make_call(
            cast.alder, at=now - timedelta(minutes=5), name="Nora Quill", seconds=61
        )
        say(call, 1, "caller", "Please call me back.", at_ms=900)
        leave_message(call, "Please call back.", name="Nora Quill")
        store_sound(call)
        make_appointment(
            cast.alder, starts_at=now - timedelta(minutes=30), name="Omar Reyes"
        )
    return call


@pytest.fixture
def counted(cast: Cast) -> None:
    organization_id = cast.alder.organization.id
    with tenancy.scope(organization_id):
        for number in range(300):
            week = number % 8
            make_call(
                cast.alder,
                at=LONG_AGO
                + timedelta(days=7 * week + number % 5, minutes=number % 600),
                outcome=OUTCOMES[number % 5],
                language="de" if number % 3 == 0 else "en",
                seconds=20 + number,
            )
    count_weeks(organization_id=organization_id, now=utc_now())


@pytest.fixture
def look(adas_page: Page) -> Callable[[str], list[str]]:
    """Return what is wrong with the page, under a name."""
    return lambda name: looks.look(adas_page, f"bin-{name}")


class TestBin:
    @pytest.fixture
    def page(self, adas_page: Page) -> Page:
        adas_page.set_viewport_size(looks.PHONE)
        return adas_page

    def test_gives_a_call_back(self, page: Page, cast: Cast, call: Call, look):
        page.goto("/app/settings/bin/")
        found = look("empty")
        page.goto(f"/app/calls/{call.id}/")
        found += look("call")
        page.get_by_role("link", name="Delete this call").click()
        found += look("delete")
        page.get_by_role("button", name="Delete").click()
        expect(page.get_by_text("Deleted.")).to_be_visible()
        expect(page.get_by_text("Nora Quill")).to_have_count(0)
        found += look("undo")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("Brought back.")).to_be_visible()
        expect(page.get_by_text("Nora Quill").first).to_be_visible()

        assert found == []

    def test_lets_a_call_go_at_once_when_asked_in_words(
        self, page: Page, cast: Cast, call: Call, look
    ):
        page.goto(f"/app/calls/{call.id}/delete/")
        page.get_by_role("button", name="Delete").click()
        page.goto("/app/diary/")
        found = look("diary")
        page.goto("/app/settings/bin/")
        expect(page.get_by_text("Call, Nora Quill").first).to_be_visible()
        found += look("full")
        page.get_by_role("link", name="Erase now").click()
        found += look("erase")
        page.get_by_label("Word").fill("erase")
        page.get_by_role("button", name="Erase now").click()
        expect(page.get_by_text("It is being erased.")).to_be_visible()
        found += look("erasing")
        run_all_jobs(cast)
        page.goto("/app/settings/bin/")
        expect(page.get_by_text("The bin is empty.")).to_be_visible()

        assert found == []

    def test_takes_a_message(self, page: Page, call: Call, look):
        page.goto("/app/messages/")
        found = look("messages")
        page.get_by_role("link", name="Delete the message: Nora Quill").click()
        page.get_by_role("button", name="Delete").click()
        expect(page.get_by_text("No new messages.")).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("Please call back.").first).to_be_visible()

        assert found == []

    def test_statistics_tell_of_nobody(self, page: Page, counted: None, look):
        page.goto("/app/settings/statistics/")
        expect(page.get_by_text("Calls a week")).to_be_visible()
        found = look("statistics")
        page.get_by_text("Show the numbers").click()
        found += look("statistics-open")

        assert found == []
