"""How an owner closes the clinic's account, and keeps it after all."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import looks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def look(adas_page: Page) -> Callable[[str], list[str]]:
    """Return what is wrong with the page, under a name."""
    return lambda name: looks.look(adas_page, f"closing-{name}")


class TestClosing:
    @pytest.fixture
    def page(self, adas_page: Page) -> Page:
        adas_page.set_viewport_size(looks.PHONE)
        adas_page.goto("/app/settings/clinic/")
        return adas_page

    def test_shows_its_dates_is_confirmed_and_undone(self, page: Page, look):
        found = look("clinic")
        page.get_by_role("link", name="Close this account").click()
        expect(page.get_by_role("row", name="The record stays")).to_be_visible()
        found += look("dates")

        page.get_by_label("No more from now on").check()
        page.get_by_label("Name of the clinic").fill("Alder Clinic")
        page.get_by_role("button", name="Close the account").click()
        expect(page.get_by_role("heading", name="This account closes")).to_be_visible()
        found += look("grace")

        page.goto("/app/calls/")
        expect(page.get_by_text("This account closes on")).to_be_visible()
        found += look("banner")

        page.get_by_role("button", name="Keep the account").click()
        expect(
            page.get_by_text("The account stays. Nothing was erased.")
        ).to_be_visible()
        expect(page.get_by_text("This account closes on")).to_have_count(0)

        assert found == []
