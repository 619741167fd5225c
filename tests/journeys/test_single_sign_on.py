import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.entitlements import Plan
from accounts.models import Organization
from sondervoice.kernel import tenancy
from tests.cast import Cast
from tests.fakes.directory.dns import DnsServer
from tests.fakes.directory.oidc import CLIENT_ID, CLIENT_SECRET, OidcProvider
from tests.journeys.looks import violations

DOMAIN = "alder-clinic.example"


@pytest.fixture
def directory(settings, live_server) -> Iterator[OidcProvider]:
    settings.PUBLIC_BASE_URL = live_server.url
    provider = OidcProvider()
    yield provider
    provider.stop()


@pytest.fixture
def resolver(settings) -> Iterator[DnsServer]:
    server = DnsServer()
    settings.DNS_RESOLVERS = [server.address]
    yield server
    server.stop()


def say(directory: OidcProvider, name: str, email: str) -> None:
    directory.person = {
        "sub": name,
        "email": email,
        "email_verified": True,
        "name": name,
        "groups": ["front-desk"],
    }


def describe(page: Page, directory: OidcProvider) -> None:
    page.get_by_role("link", name="Okta").click()
    page.get_by_label("Issuer").fill(directory.issuer)
    page.get_by_label("Client ID").fill(CLIENT_ID)
    page.get_by_label("Client secret").fill(CLIENT_SECRET)
    page.get_by_label("Roles by group").fill("front-desk = receptionist")
    without_faults(page)
    page.get_by_role("button", name="Save").click()


def prove(page: Page, resolver: DnsServer) -> None:
    page.get_by_role("textbox", name="Domain").fill(DOMAIN)
    page.get_by_role("button", name="Add").click()
    value = page.get_by_text("sondervoice-verification=").inner_text()
    resolver.records[f"_sondervoice.{DOMAIN}"] = [value]
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_text("The domain is proved.")).to_be_visible()


def without_faults(page: Page) -> None:
    assert violations(page) == []


@pytest.mark.browser
class TestSingleSignOn:
    def test_is_set_up_and_becomes_the_only_way_in(
        self,
        adas_page: Page,
        window: BrowserContext,
        cast: Cast,
        directory: OidcProvider,
        resolver: DnsServer,
    ):
        page = adas_page
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(plan=Plan.ENTERPRISE)
        say(directory, "Ada Lindgren", cast.ada.email)

        page.goto("/app/settings/single-sign-on/")
        describe(page, directory)
        prove(page, resolver)
        page.get_by_role("button", name="Test").click()
        expect(page.get_by_role("heading", name="The test came back")).to_be_visible()
        without_faults(page)
        page.get_by_role("button", name="Switch on").click()
        page.get_by_role("link", name="Make it the only way in").click()
        page.get_by_role("button", name="Make it the only way in").click()
        expect(
            page.get_by_text("The directory is the only way in now.")
        ).to_be_visible()
        page.goto("/app/")
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Your clinic signs in through its directory"
        )

        window.clear_cookies()
        say(directory, "Nora Lind", f"nora@{DOMAIN}")
        page.goto("/app/calls/")
        page.get_by_role("link", name="Sign in with your clinic").click()
        page.get_by_label("E-mail").fill(f"nora@{DOMAIN}")
        page.get_by_role("button", name="Go on").click()

        expect(page).to_have_url(re.compile("/app/calls/$"))
        expect(page.get_by_text("Nora", exact=True)).to_be_visible()
