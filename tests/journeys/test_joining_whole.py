"""From an empty house to a masked call: every page on the way, in real browsers."""

from base64 import b32decode
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import Organization
from accounts.way_in import organization_ids
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from telephony.models import Call
from tests.asgi_server import asgi_server
from tests.cast import HANNAH, furnish_clinic
from tests.cast_calls import make_call
from tests.cast_factor import Phone
from tests.integration.accounts.joining.letters import link_in_last_letter
from tests.journeys.conftest import CHROMIUM, drive
from tests.journeys.looks import violations

pytestmark = pytest.mark.browser

WORDS = "three words are good"
FAY, GIL = "fay@fern.example", "gil@fern.example"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The one that people have, with its windows."""
    yield from drive(CHROMIUM)


@pytest.fixture
def served(transactional_db: None) -> Iterator[str]:
    cache.clear()
    with asgi_server() as address:
        yield address


@pytest.fixture
def new_window(browser: Browser, served: str) -> Iterator[Callable[[], Page]]:
    """Opens a page in a browser of its own."""
    opened: list[BrowserContext] = []

    def open_window() -> Page:
        context = browser.new_context(base_url=served, reduced_motion="reduce")
        opened.append(context)
        return context.new_page()

    yield open_window
    for one in opened:
        one.close()


def _look(page: Page) -> None:
    """See that the page is for everybody, on a desk and in a hand."""
    found = {}
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        found[width] = violations(page) + ([f"{wide} px"] if wide > width else [])
    assert found == {390: [], 1440: []}, page.url


def _sign_up(page: Page) -> None:
    page.goto("/accounts/login/")
    _look(page)
    page.get_by_role("link", name="Open a clinic").click()
    _look(page)
    page.get_by_label("Clinic").fill("Fern Dental")
    page.get_by_label("Country").select_option("United States")
    page.get_by_label("State or province").select_option("Illinois")
    page.get_by_label("Time zone").fill("America/Chicago")
    page.get_by_label("United States", exact=True).check()
    page.get_by_label("Your name").fill("Fay Fern")
    page.get_by_label("E-mail").fill(FAY)
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    _look(page)
    page.goto(link_in_last_letter())
    _look(page)
    page.get_by_role("button", name="Open the clinic").click()
    expect(page.get_by_role("heading", name="Your clinic is open")).to_be_visible()
    _look(page)
    page.get_by_role("link", name="Sign in").click()


def _sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Sign in").click()


def _set_up_second_step(page: Page) -> None:
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Set up your second step")
    page.get_by_text("I cannot scan it").click()
    _look(page)
    key = page.locator("[data-key]").inner_text().replace(" ", "")
    code = Phone(app_id=0, key=b32decode(key)).code_at(utc_now())
    page.get_by_label("Write the six digits").fill(code)
    page.get_by_role("button", name="Confirm").click()
    codes = page.get_by_role("list", name="Recovery codes").locator("li")
    expect(codes).to_have_count(10)
    _look(page)
    page.get_by_label("I kept them").check()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/app/")
    _look(page)


def _invite(page: Page) -> None:
    page.get_by_role("link", name="Settings").click()
    _look(page)
    page.get_by_role("link", name="Invite a person").click()
    _look(page)
    page.get_by_label("E-mail").fill(GIL)
    page.get_by_label("Role").select_option("Receptionist")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("Invitation sent.")).to_be_visible()
    _look(page)


def _join(page: Page) -> None:
    page.goto(link_in_last_letter())
    _look(page)
    page.get_by_label("Your name").fill("Gil Grant")
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Join the clinic").click()
    expect(page.get_by_role("heading", name="You have joined")).to_be_visible()
    _look(page)
    page.get_by_role("link", name="Sign in").click()
    _sign_in(page, GIL)
    page.wait_for_url("**/app/")


def _take_a_call() -> Call:
    (organization_id,) = organization_ids()
    with tenancy.scope(organization_id):
        clinic = furnish_clinic(
            Organization.objects.get(), e164="+13125550100", languages=["en"]
        )
        return make_call(clinic, at=utc_now(), name="Hannah Brandt")


def _see_who_called(page: Page) -> None:
    page.goto("/app/calls/?when=all")
    _look(page)
    hidden = page.content()
    page.locator("a.cover").click()
    page.wait_for_url("**/app/calls/*-*/")
    _look(page)
    for words in (hidden, page.content()):
        for secret in ("Hannah", "Brandt", HANNAH, HANNAH[-7:], "555 0136"):
            assert secret not in words
    page.get_by_text("Show caller").click()
    _look(page)
    page.get_by_role("button", name="To call back", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hannah Brandt")
    _look(page)


class TestWholeRoad:
    def test_leads_from_a_new_clinic_to_a_receptionist_at_one_desk_at_a_time(
        self, new_window: Callable[[], Page]
    ):
        owner = new_window()
        _sign_up(owner)
        _sign_in(owner, FAY)
        _set_up_second_step(owner)
        _invite(owner)

        first = new_window()
        _join(first)
        call = _take_a_call()
        _see_who_called(first)

        second = new_window()
        second.goto("/accounts/login/")
        _sign_in(second, GIL)
        second.wait_for_url("**/app/")
        notice = first.get_by_role("alertdialog", name="You signed in elsewhere")
        expect(notice).to_be_visible(timeout=5_000)
        _look(first)
        call_page = f"/app/calls/{call.id}/"
        refused = first.request.get(call_page, max_redirects=0)

        assert refused.status == 302
        assert refused.headers["location"].startswith("/accounts/login/")
        assert second.request.get(call_page, max_redirects=0).status == 200
        assert owner.request.get("/app/", max_redirects=0).status == 200
