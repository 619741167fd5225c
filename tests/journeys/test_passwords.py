import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F
from playwright.sync_api import Page, expect

from sondervoice.kernel.jobs import run_waiting
from sondervoice.kernel.models import OutboxJob
from tests.cast import PASSWORD, Cast
from tests.journeys.looks import violations

pytestmark = pytest.mark.browser

NEW = "seven green bottles on a wall"


def _link_of_letter() -> str:
    # The database's clock and ours may differ by a moment.
    OutboxJob.objects.update(next_at=F("next_at") - timedelta(minutes=1))
    run_waiting()
    return re.search(r"http://127.0.0.1:8000(\S+)", mail.outbox[-1].body).group(1)


class TestForgottenPassword:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_is_set_anew_by_the_link_of_a_letter(
        self, page: Page, cast: Cast, scheme: str
    ):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": 390, "height": 900})
        seen = []
        page.goto("/accounts/login/")
        page.get_by_role("link", name="Forgot your password?").click()
        expect(page.get_by_role("button", name="Send the link")).to_be_visible()
        seen += violations(page)
        page.get_by_label("E-mail").fill(cast.ben.email)
        page.get_by_role("button", name="Send the link").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
        seen += violations(page)

        page.goto(_link_of_letter())
        assert page.url.endswith("/accounts/password/reset/set/")
        page.get_by_label("New password").fill("short")
        page.get_by_label("Once more").fill("short")
        page.get_by_role("button", name="Set password").click()
        expect(page.get_by_role("alert")).to_contain_text("at least 12 characters")
        seen += violations(page)
        page.get_by_label("New password").fill(NEW)
        page.get_by_label("Once more").fill(NEW)
        page.get_by_role("button", name="Set password").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Your new password is set"
        )
        seen += violations(page)
        page.get_by_role("link", name="Sign in").click()
        page.get_by_label("E-mail").fill(cast.ben.email)
        page.get_by_label("Password").fill(NEW)
        page.get_by_role("button", name="Sign in").click()

        page.wait_for_url("**/app/")
        assert seen == []


class TestPassword:
    def test_is_changed_from_the_menu(self, adas_page: Page, cast: Cast):
        page = adas_page
        page.get_by_label("Your menu").click()
        page.get_by_role("link", name="Your sign-in").click()
        page.get_by_role("link", name="Change your password").click()
        fresh = violations(page)
        page.get_by_label("Password you have now").fill("wrong")
        page.get_by_label("New password").fill(NEW)
        page.get_by_label("Once more").fill(NEW)
        page.get_by_role("button", name="Change password").click()
        expect(page.get_by_role("alert")).to_have_text("This is not your password.")
        refused = violations(page)

        page.get_by_label("Password you have now").fill(PASSWORD)
        page.get_by_label("New password").fill(NEW)
        page.get_by_label("Once more").fill(NEW)
        page.get_by_role("button", name="Change password").click()

        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Your password is changed"
        )
        page.get_by_role("link", name="Go on").click()
        page.wait_for_url("**/app/")
        assert (fresh, refused) == ([], [])
