"""Alerts, and who saw a caller's calls, as an owner and whoever audits her see them."""

import pytest
from playwright.sync_api import Page, expect

from compliance.alerts import stream
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import HANNAH, Cast
from tests.cast_calls import make_call
from tests.cast_fixtures import SignIn
from tests.integration.compliance.alerts.record import look, refuse_sign_in, write
from tests.journeys import looks

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def alerted(adas_page: Page, cast: Cast) -> Page:
    """Ada's page, with an alert that she has seen and three that are open."""
    stream.move_horizon(stream.read_horizon()[1])
    write(cast.alder, "accounts.sign_in.moved", cast.cy)
    look()
    adas_page.goto("/app/settings/alerts/")
    adas_page.get_by_label("What came of it").fill("Cy was at a congress")
    adas_page.get_by_role("button", name="I have looked at it").click()
    expect(adas_page.get_by_text("Nothing to look at.")).to_be_visible()
    write(cast.alder, "compliance.access.exported", cast.ben, count=1234)
    write(cast.alder, "accounts.thing.refused", cast.ben, times=7)
    refuse_sign_in(cast.ben, times=15)
    look()
    return adas_page


class TestAlerts:
    def test_have_no_violation_and_no_overflow(self, alerted: Page):
        page = alerted
        found = {}
        page.goto("/app/settings/alerts/")
        page.get_by_text("Looked at: 1").click()
        expect(page.get_by_text("Cy was at a congress")).to_be_visible()
        found["open"] = looks.look(page, "alerts")

        assert {name: all_of for name, all_of in found.items() if all_of} == {}

    def test_lead_to_the_record_and_go_once_looked_at(self, alerted: Page):
        page = alerted
        page.goto("/app/settings/alerts/")
        page.get_by_role("article", name="Much was taken along").get_by_role(
            "link", name="In the record"
        ).click()
        expect(page.get_by_role("row", name="Ben Osei")).to_have_count(1)

        for left in (2, 1, 0):
            page.goto("/app/settings/alerts/")
            page.get_by_role("button", name="I have looked at it").first.click()
            buttons = page.get_by_role("button", name="I have looked at it")
            expect(buttons).to_have_count(left)


class TestCallersLooks:
    def test_are_found_by_the_number_and_hold_the_reason(
        self, adas_page: Page, cast: Cast, signed_in: SignIn
    ):
        page = adas_page
        with tenancy.scope(cast.alder.organization.id):
            call = make_call(cast.alder, at=utc_now(), caller=HANNAH, name="Hannah")
        ben = signed_in(cast.ben)
        ben.get(f"/app/calls/{call.id}/")
        ben.post(f"/app/calls/{call.id}/reveal/", {"reason": "identity"})
        found = {}
        page.goto("/app/settings/access/")
        found["record"] = looks.look(page, "record")

        page.get_by_label("Who saw the calls of").fill("(312) 555-0199")
        page.get_by_role("button", name="Find").click()
        expect(page.get_by_text("No call from this number.")).to_be_visible()
        found["unknown"] = looks.look(page, "unknown-caller")
        page.get_by_label("Who saw the calls of").fill("(312) 555-0136")
        page.get_by_role("button", name="Find").click()
        reason = "Saw who called, to make sure who it was"
        expect(page.get_by_text(reason)).to_be_visible()
        found["looks"] = looks.look(page, "caller-looks")

        assert "0136" not in page.url
        assert {name: all_of for name, all_of in found.items() if all_of} == {}
