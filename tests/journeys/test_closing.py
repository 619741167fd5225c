"""How an owner closes the clinic's account, and keeps it after all."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_record import _look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def look(adas_page: Page, request: pytest.FixtureRequest) -> Callable[[str], list[str]]:
    """Return what axe and the page's width complain of, under a name."""

    def look(name: str) -> list[str]:
        if PICTURES:
            size = adas_page.viewport_size["width"]
            scheme = request.node.callspec.params["scheme"]
            path = f"{PICTURES}/closing-{name}-{size}-{scheme}.png"
            adas_page.screenshot(path=path, full_page=True)
        return [f"{name}: {word}" for word in _look(adas_page)]

    return look


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
class TestClosing:
    @pytest.fixture
    def page(self, adas_page: Page, scheme: str, width: int) -> Page:
        adas_page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        adas_page.set_viewport_size({"width": width, "height": 900})
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
