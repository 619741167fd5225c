"""How a caller asks to be forgotten, and how a member sees to their own data."""

import os
import re
from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from compliance.asking.services.ask_privacy import ask_privacy
from compliance.asking.way_in import asking_desk
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.rights import RightsKind
from sondervoice.kernel.tenancy import set_local
from tests.cast import HANNAH, Cast
from tests.cast_fixtures import SignIn
from tests.integration.accounts.operators.conftest import tove
from tests.integration.compliance.asking.conftest import (
    desk,
    link_in_letter,
    run_all,
    telephone,
)
from tests.integration.compliance.asking.desk import FakeDesk, Telephone
from tests.journeys import looks
from tests.journeys.test_operators import _become
from tests.journeys.test_operators import _look as _look_at_desk

__all__ = ["desk", "telephone", "tove"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("PICTURES", "")
MAIL = "hannah@home.example"


@pytest.fixture
def look() -> Callable[[Page, str], list[str]]:
    """Return what is wrong with a page, under a name."""
    return lambda page, name: looks.look(page, f"rights-{name}")


def _code_in_letter() -> str:
    (digits,) = re.findall(r"\b\d{6}\b", str(mail.outbox[-1].body))
    return digits


class TestCaller:
    @pytest.fixture
    def page(
        self,
        window: BrowserContext,
        desk: FakeDesk,
        telephone: Telephone,
    ) -> Iterator[Page]:
        page, errors = window.new_page(), []
        # Not the console: Chromium writes each 404 and 422 into it.
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.set_viewport_size(looks.PHONE)
        page.goto("/forget-me/")
        yield page
        assert errors == []

    def test_proves_the_mailbox_and_reads_the_answer(
        self, page: Page, desk: FakeDesk, telephone: Telephone, cast: Cast, look
    ):
        found = look(page, "ask")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text("Write one of the two")).to_be_visible()
        found += look(page, "ask-wrong")
        page.get_by_label("E-mail for the answer").fill(MAIL)
        page.get_by_label("Number you called from").fill("(312) 555-0136")
        page.get_by_role("button", name="Go on").click()
        found += look(page, "sent")
        run_all()
        page.goto(link_in_letter(0))
        found += look(page, "confirm")
        page.get_by_role("button", name="Yes, ask them").click()
        expect(page.get_by_text("You need to do nothing more.")).to_be_visible()
        found += look(page, "done")
        run_all()
        desk.conclude(cast.alder.organization.id, package_ready=True)
        run_all()
        page.goto(link_in_letter())
        found += look(page, "prove")
        page.get_by_role("button", name="Send me a code").click()
        run_all()
        found += look(page, "prove-code")
        page.get_by_label("Code").fill(_code_in_letter())
        page.get_by_role("button", name="Confirm").click()
        expect(page.get_by_text("Done on 30 November 2026.")).to_be_visible()
        found += look(page, "status")
        with page.expect_download() as download:
            page.get_by_role("link", name="Fetch the certificate").click()

        assert download.value.suggested_filename == "certificate-of-erasure.zip"
        assert found == []

    def test_proves_the_number_and_finds_a_used_link_dead(
        self, page: Page, desk: FakeDesk, telephone: Telephone, look
    ):
        page.get_by_label("Number you called from").fill(HANNAH)
        page.get_by_role("button", name="Go on").click()
        run_all()
        (code,) = re.findall(r"\b\d{6}\b", telephone.texts[-1].text)
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Confirm").click()
        expect(page.get_by_text("You need to do nothing more.")).to_be_visible()
        page.goto("/forget-me/link/used/")
        found = look(page, "dead")
        telephone.is_ready = False
        page.goto("/forget-me/")
        found += look(page, "ask-without-texts")

        assert found == []


class TestMember:
    @pytest.fixture
    def page(self, adas_page: Page) -> Page:
        adas_page.set_viewport_size(looks.PHONE)
        return adas_page

    def test_asks_takes_a_copy_and_reads_what_erasing_means(self, page: Page, look):
        page.locator("details.menu summary").click()
        found = look(page, "menu")
        page.get_by_role("link", name="Your privacy").click()
        found += look(page, "privacy")
        page.get_by_label("Object").check()
        page.get_by_label("What you mean").fill("I object to the statistics.")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_text("Due by")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="Get a copy of all of it").click()
        page.goto("/preferences/privacy/")
        found += look(page, "privacy-asked")
        page.get_by_role("link", name="Erase my account").click()
        found += look(page, "erase")

        assert download.value.suggested_filename == "your-data.zip"
        assert found == []


@pytest.mark.django_db(transaction=True, databases=["default", "operator"])
class TestOperator:
    def test_reads_a_request_and_answers_it(
        self,
        window: BrowserContext,
        cast: Cast,
        tove: User,
        signed_in: SignIn,
        live_server,
    ):
        with asking_desk():
            set_local("app.user_id", str(cast.ben.pk))
            row = ask_privacy(
                user=cast.ben, kind=RightsKind.OBJECT, words="Why me?", now=utc_now()
            )
        page = window.new_page()
        _become(page, signed_in(tove), live_server)
        place = f"/admin/privacyrequest/{row.id}/"

        wrong = _look_at_desk(page, {"request": place}, ".desk")
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/rights-operator.png", full_page=True)
        page.get_by_label("What the person is told").fill("It is not used any more.")
        page.get_by_role("button", name="It is done").click()

        expect(page.get_by_text("Answered.")).to_be_visible()
        expect(page.get_by_text("It is not used any more.")).to_be_visible()
        assert wrong == {}
