from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.services.end_sessions import end_member_sessions
from accounts.sessions import consumers
from sondervoice.kernel import tenancy
from tests.asgi_server import asgi_server
from tests.cast import PASSWORD, Cast
from tests.cast_day import Day
from tests.cast_fixtures import SignIn
from tests.clock import StoppedClock, stopped_clock
from tests.journeys.looks import look, violations

__all__ = ["stopped_clock"]

pytestmark = pytest.mark.browser
# As the desk sees her.
HANNAH = "+1 ••• ••• ••36"


@pytest.fixture
def served(cast: Cast) -> Iterator[str]:
    with asgi_server() as address:
        yield address


@pytest.fixture
def windows(browser: Browser, served: str) -> Iterator[list[BrowserContext]]:
    """Two browsers of one person."""
    both = [browser.new_context(base_url=served) for _ in range(2)]
    yield both
    for one in both:
        one.close()


def _sign_in(window: BrowserContext, cast: Cast, to: str = "/app/") -> Page:
    page = window.new_page()
    page.goto(f"/accounts/login/?next={to}")
    page.get_by_label("E-mail").fill(cast.ben.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{to}")
    return page


class TestTakeOver:
    def test_covers_the_older_page_within_five_seconds_and_refuses_its_next_request(
        self, windows: list[BrowserContext], cast: Cast, day: Day
    ):
        first = _sign_in(windows[0], cast, to="/app/calls/?when=all")
        expect(first.get_by_role("link", name=HANNAH)).to_be_visible()
        cookie = windows[0].cookies()

        second = _sign_in(windows[1], cast)
        notice = first.get_by_role("alertdialog", name="You signed in elsewhere")
        expect(notice).to_be_visible(timeout=5_000)

        expect(notice).to_contain_text("with Chrome on Linux")
        expect(first.get_by_role("link", name=HANNAH)).to_be_hidden()
        expect(first).to_have_title("You signed in elsewhere")
        assert violations(first) == []
        answer = first.request.get("/app/calls/", max_redirects=0)
        assert answer.status == 302
        windows[0].clear_cookies()
        windows[0].add_cookies(cookie)
        assert first.request.get("/app/calls/", max_redirects=0).status == 302
        expect(second.get_by_role("alertdialog")).to_be_hidden()
        assert second.request.get("/app/", max_redirects=0).status == 200

    def test_leads_back_to_where_one_was(
        self, windows: list[BrowserContext], cast: Cast, day: Day
    ):
        first = _sign_in(windows[0], cast, to="/app/calls/?when=all")
        _sign_in(windows[1], cast)

        first.get_by_role("link", name="Sign in again").click()
        expect(first.get_by_role("status")).to_contain_text("You signed in elsewhere.")
        assert violations(first) == []
        first.get_by_label("E-mail").fill(cast.ben.email)
        first.get_by_label("Password").fill(PASSWORD)
        first.get_by_role("button", name="Sign in").click()

        first.wait_for_url("**/app/calls/?when=all")
        expect(first.get_by_role("link", name=HANNAH)).to_be_visible()


class TestPartOfAPage:
    def test_that_asks_after_the_end_leads_the_whole_page_to_sign_in(
        self, window: BrowserContext, cast: Cast, day: Day
    ):
        # Served without WebSockets: nothing has told the page.
        page = _sign_in(window, cast, to="/app/calls/?when=all")
        with tenancy.scope(cast.alder.organization.id):
            end_member_sessions(user_id=cast.ben.id)

        page.get_by_text("Outcome", exact=True).first.click()
        page.get_by_label("Booked").check()

        page.wait_for_url("**/accounts/login/?next=/app/calls/**")
        expect(page.get_by_role("status")).to_contain_text(
            "Your clinic ended this session."
        )
        assert page.url.endswith("/accounts/login/?next=/app/calls/%3Fwhen%3Dall")


class TestQuietPerson:
    def test_is_asked_to_stay_and_stays(
        self,
        windows: list[BrowserContext],
        cast: Cast,
        stopped_clock: StoppedClock,
        monkeypatch: pytest.MonkeyPatch,
    ):
        monkeypatch.setattr(consumers, "LOOK_EVERY_S", 0.05)
        page = _sign_in(windows[0], cast)

        stopped_clock.move(minutes=59, seconds=1)
        expect(page.get_by_text("You will be signed out in a minute.")).to_be_visible()
        assert violations(page) == []
        page.get_by_role("button", name="Stay signed in").click()
        expect(page.get_by_text("You will be signed out in a minute.")).to_be_hidden()
        stopped_clock.move(minutes=59)
        expect(page.get_by_text("You will be signed out in a minute.")).to_be_visible()
        stopped_clock.move(minutes=1)

        notice = page.get_by_role("alertdialog")
        expect(notice).to_contain_text("You were signed out after 60 quiet minutes")
        expect(notice).to_contain_text("Nothing is lost.")


class TestPages:
    def test_have_no_violation_and_no_overflow(
        self,
        windows: list[BrowserContext],
        served: str,
        cast: Cast,
        signed_in: SignIn,
    ):
        cookie = signed_in(cast.ada).cookies[settings.SESSION_COOKIE_NAME].value
        windows[0].add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": served}]
        )
        page = windows[0].new_page()
        found = {}

        for path in (
            "/accounts/sessions/",
            "/accounts/sessions/end/",
            "/app/settings/security/",
            "/app/settings/security/?saved=1",
        ):
            page.goto(path)
            found[path] = look(page, "sessions")

        assert found == {path: [] for path in found}

    def test_say_what_is_wrong_with_a_number(
        self, windows: list[BrowserContext], served: str, cast: Cast, signed_in: SignIn
    ):
        cookie = signed_in(cast.ada).cookies[settings.SESSION_COOKIE_NAME].value
        windows[0].add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": served}]
        )
        page = windows[0].new_page()
        page.goto("/app/settings/security/")

        page.get_by_label("Quiet minutes before signing out").fill("90")
        page.get_by_role("button", name="Save").click()

        expect(page.get_by_role("alert")).to_have_text(
            "Write a whole number from 1 to 60."
        )
        assert violations(page) == []
        with tenancy.scope(cast.alder.organization.id):
            cast.alder.organization.refresh_from_db()
        assert cast.alder.organization.idle_minutes == 60
