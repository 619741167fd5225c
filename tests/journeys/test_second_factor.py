import re
from base64 import b32decode
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings as conf
from django_otp_webauthn.models import WebAuthnCredential
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Membership, Organization, User
from accounts.second_factor.models import RecoveryCodes
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import PASSWORD, Cast
from tests.cast_day import Day
from tests.cast_factor import STEP, Phone, actions_of, give_codes, give_phone
from tests.integration.accounts.second_factor.test_mailbox import code_in_letter
from tests.journeys.looks import look, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def at_home(settings, live_server) -> None:
    """The served address is the one that passkeys are bound to."""
    settings.PUBLIC_BASE_URL = live_server.url


@pytest.fixture
def key(page: Page) -> Page:
    """A page whose browser has a passkey that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return page


def _sign_in(page: Page, user: User, *, to: str = "/app/") -> None:
    page.goto(to)
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def _prove_mailbox(page: Page, user: User) -> None:
    """Have the code mailed, and write it on the page."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    assert violations(page) == []
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_text("We mailed a code to a•••@")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Code from the letter").fill(code_in_letter(user))
    page.get_by_role("button", name="Go on").click()


def _scan(page: Page) -> Phone:
    page.get_by_text("I cannot scan it").click()
    letters = page.locator("[data-key]").inner_text()
    return Phone(app_id=0, key=b32decode(letters.replace(" ", "")))


@pytest.mark.usefixtures("at_home")
class TestAccess:
    def test_has_no_violation_and_no_overflow(self, adas_page: Page, cast: Cast):
        page, found = adas_page, {}
        phone = give_phone(cast.ada, now=utc_now())
        give_codes(cast.ada, now=utc_now())

        for address in _pages(cast, phone):
            page.goto(address)
            found[address] = look(page, "second-factor")

        assert found == {address: [] for address in _pages(cast, phone)}


def _pages(cast: Cast, phone: Phone) -> list[str]:
    with tenancy.scope(cast.alder.organization.id):
        membership = Membership.objects.get(user=cast.ben)
    here = "/accounts/second-factor/"
    return [
        here,
        f"{here}?done=removed",
        f"{here}set-up/",
        f"{here}verify/",
        f"{here}recovery/",
        f"{here}codes/",
        f"{here}app/{phone.app_id}/remove/",
        f"/app/settings/people/{membership.pk}/second-factor/",
    ]


class TestApp:
    def test_is_set_up_and_the_codes_are_kept(
        self, page: Page, cast: Cast, day: Day, tmp_path: Path
    ):
        _sign_in(page, cast.ada, to="/app/calls/?when=all")
        _prove_mailbox(page, cast.ada)
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Set up your second step"
        )
        phone = _scan(page)
        assert violations(page) == []

        page.get_by_label("Write the six digits").fill(phone.code_at(utc_now()))
        page.get_by_role("button", name="Confirm").click()
        shown = page.get_by_role("list", name="Recovery codes").locator("li")
        expect(shown).to_have_count(10)
        assert violations(page) == []
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Download as text").click()
        waiting.value.save_as(tmp_path / "codes.txt")
        page.get_by_role("button", name="Go on").click()
        expect(shown).to_have_count(10)
        page.get_by_label("I kept them").check()
        lines = [one.inner_text() for one in shown.all()]
        page.get_by_role("button", name="Go on").click()

        page.wait_for_url("**/app/calls/?when=all")
        assert (tmp_path / "codes.txt").read_text().splitlines()[1:] == lines
        with signing_in():
            assert RecoveryCodes.objects.get(user=cast.ada).kept_at is not None

    def test_lets_in_after_the_password(self, page: Page, cast: Cast, day: Day):
        phone = give_phone(cast.ada, now=utc_now())
        _sign_in(page, cast.ada)

        page.get_by_label("Six digits").fill(phone.code_at(utc_now() + STEP))
        page.get_by_role("button", name="Go on").click()

        page.wait_for_url("**/app/")
        page.get_by_label("Your menu").click()
        page.get_by_role("link", name="Your sign-in", exact=True).click()
        expect(page.locator("strong", has_text="Phone")).to_be_visible()
        assert violations(page) == []


@pytest.mark.usefixtures("at_home")
class TestPasskey:
    def test_is_added_as_the_first_factor_and_lets_in_the_next_time(
        self, key: Page, cast: Cast, day: Day
    ):
        page = key
        _sign_in(page, cast.ada)
        _prove_mailbox(page, cast.ada)
        page.get_by_label("Name of the passkey").fill("Laptop of Ada")
        page.get_by_role("button", name="Add a passkey").click()
        page.wait_for_url("**/second-factor/codes/**")
        page.get_by_role("button", name="Show my codes").click()
        page.get_by_label("I kept them").check()
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url("**/app/")

        page.goto("/accounts/logout/")
        page.get_by_role("button", name=re.compile("Sign out")).click()
        _sign_in(page, cast.ada)
        expect(page.get_by_role("heading", level=1)).to_have_text("Your passkey")
        assert violations(page) == []
        page.get_by_role("button", name="Use your passkey").click()

        page.wait_for_url("**/app/")
        with signing_in():
            passkey = WebAuthnCredential.objects.get()
        assert (passkey.user_id, passkey.name) == (cast.ada.pk, "Laptop of Ada")
        assert passkey.last_used_at is not None
        assert actions_of(cast.ada) == [
            "accounts.factor.added",
            "accounts.recovery_codes.made",
            "accounts.recovery_codes.kept",
            "accounts.passkey.shown",
        ]


class TestPlayer:
    def test_in_hipaa_mode_asks_again_and_leads_back(
        self, adas_page: Page, cast: Cast, day: Day, window: BrowserContext
    ):
        phone = give_phone(cast.ada, now=utc_now())
        organization = cast.alder.organization
        with tenancy.scope(organization.id):
            Organization.objects.filter(pk=organization.id).update(hipaa_mode=True)
        _age(adas_page, seconds=301)
        page = window.new_page()  # which may complain of the 403
        page.goto(f"/app/calls/{day.booked.id}/")

        page.get_by_role("button", name="Play", exact=True).click()
        page.get_by_role("link", name="Show it").click()
        page.get_by_label("Six digits").fill(phone.code_at(utc_now()))
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(f"**/app/calls/{day.booked.id}/")
        page.get_by_role("button", name="Play", exact=True).click()

        expect(page.get_by_role("button", name="Pause")).to_be_visible()


def _age(page: Page, *, seconds: int) -> None:
    cookies = page.context.cookies()
    name = conf.SESSION_COOKIE_NAME
    key = next(one["value"] for one in cookies if one["name"] == name)
    session = import_module(conf.SESSION_ENGINE).SessionStore(key)
    session["second_factor_at"] -= seconds
    session.save()
