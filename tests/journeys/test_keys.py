import pytest
from playwright.sync_api import Page, expect

from accounts.models import ApiKey
from sondervoice.kernel import tenancy
from tests.cast import Cast
from tests.integration.accounts.machines.conftest import make_machine
from tests.journeys.looks import look

pytestmark = pytest.mark.browser


def _fill(page: Page) -> None:
    page.get_by_role("link", name="Make a key").click()
    page.get_by_label("Which program").fill("Practice software")
    page.get_by_label("Calls and what was said").check()
    page.get_by_label("From which addresses").fill("192.0.2.0/24")


class TestKeys:
    def test_are_made_copied_and_ended_by_hand(self, adas_page: Page, cast: Cast):
        page = adas_page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])

        page.goto("/app/settings/")
        page.get_by_role("link", name="Keys").click()
        _fill(page)
        page.get_by_role("button", name="Make the key").click()
        shown = page.locator("#new-key").inner_text()
        page.get_by_role("button", name="Copy").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        page.get_by_role("link", name="I have copied it").click()
        page.get_by_role("link", name="End Practice software").click()
        page.get_by_role("button", name="End the key").click()

        expect(page.get_by_role("status")).to_contain_text("is ended")
        assert copied == shown
        with tenancy.scope(cast.alder.organization.id):
            assert ApiKey.objects.get().revoked_at is not None

    def test_hold_what_axe_asks_for(self, adas_page: Page, cast: Cast):
        page = adas_page
        make_machine(cast, "calls:read", "messages:read", networks=("192.0.2.0/24",))
        found = {}

        page.goto("/app/settings/keys/")
        found["list"] = look(page, "keys-list")
        _fill(page)
        found["form"] = look(page, "keys-form")
        page.get_by_label("From which addresses").fill("here")
        page.get_by_role("button", name="Make the key").click()
        found["wrong"] = look(page, "keys-wrong")
        page.get_by_label("From which addresses").fill("")
        page.get_by_role("button", name="Make the key").click()
        found["made"] = look(page, "keys-made")
        page.goto("/app/settings/keys/")
        page.get_by_role("link", name="End Practice software").first.click()
        found["end"] = look(page, "keys-end")

        assert {name: one for name, one in found.items() if one} == {}
