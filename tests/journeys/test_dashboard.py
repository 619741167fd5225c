from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from telephony.models import Call
from tests.cast import PASSWORD, Cast
from tests.cast_calls import make_call
from tests.cast_day import Day
from tests.journeys.looks import look, violations

pytestmark = pytest.mark.browser

PAGES = {
    "today": "/app/",
    "calls": "/app/calls/?when=all",
    "other dates": "/app/calls/?when=dates",
    "no call": "/app/calls/?when=all&q=nobody",
    "booked": "/app/calls/{booked}/",
    "refused": "/app/calls/{refused}/",
    "erased": "/app/calls/{erased}/",
    "live": "/app/calls/{live}/",
    "messages": "/app/messages/",
    "handled": "/app/messages/?show=handled",
    "diary": "/app/diary/",
    "empty diary": "/app/diary/?on=2020-01-01",
    "emergency": "/app/calls/{emergency}/",
    "clinics": "/accounts/clinics/",
    "sign out": "/accounts/logout/",
    "api": "/api/docs/",
}


def _address(name: str, day: Day) -> str:
    return PAGES[name].format(
        booked=day.booked.id,
        emergency=day.emergency.id,
        refused=day.refused.id,
        erased=day.erased.id,
        live=day.live.id,
    )


def _plays(cast: Cast, day: Day) -> int:
    with tenancy.scope(cast.alder.organization.id):
        return AuditLog.objects.filter(
            subject_id=day.booked.id, action="recordings.playback.granted"
        ).count()


class TestAccess:
    def test_has_no_violation_and_no_overflow(self, adas_page: Page, day: Day):
        found = {}

        for name in PAGES:
            adas_page.goto(_address(name, day))
            found[name] = look(adas_page, f"dashboard-{name}")

        assert found == {name: [] for name in PAGES}

    def test_of_a_page_that_is_not_there_has_no_violation(
        self, adas_page: Page, window: BrowserContext
    ):
        # The browser complains of a 404 whatever the page looks like.
        page = window.new_page()
        page.goto("/app/calls/00000000-0000-7000-8000-000000000000/")

        expect(page.get_by_role("heading", level=1)).to_have_text("Nothing here")
        assert violations(page) == []

    def test_of_the_sign_in_page_has_no_violation(self, page: Page, cast: Cast):
        page.goto("/accounts/login/")
        fresh = violations(page)
        page.get_by_label("E-mail").fill(cast.ada.email)
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()

        expect(page.get_by_role("alert")).to_have_text("E-mail or password is wrong.")
        assert fresh == []
        assert violations(page) == []


class TestCalls:
    def test_are_narrowed_at_once_and_the_address_keeps_it(
        self, adas_page: Page, day: Day
    ):
        adas_page.goto("/app/calls/?when=all")

        adas_page.get_by_text("Outcome", exact=True).first.click()
        adas_page.get_by_label("Booked").check()

        expect(adas_page.get_by_role("status").first).to_have_text(
            "1 call in all, as chosen. Times are Chicago time."
        )
        assert "outcome=booked" in adas_page.url
        adas_page.reload()
        expect(adas_page.get_by_role("link", name="Hannah Brandt")).to_have_count(1)
        expect(adas_page.get_by_role("link", name="Omar Haddad")).to_have_count(0)
        adas_page.get_by_role("link", name="Today", exact=True).last.click()
        assert "outcome=booked" in adas_page.url

    def test_open_from_anywhere_in_their_row(self, adas_page: Page, day: Day):
        adas_page.goto("/app/calls/?when=all")

        adas_page.get_by_text("Hung up during the greeting").click(
            force=True  # the link covers its row, the words too
        )

        adas_page.wait_for_url(f"**/app/calls/{day.withheld.id}/")


class TestKeyboard:
    def test_skips_to_the_content_first(self, adas_page: Page, day: Day):
        page = adas_page
        page.goto("/app/calls/?when=all")

        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")

        expect(page.get_by_role("link", name="Today", exact=True).last).to_be_focused()

    def test_opens_a_filter_chooses_and_leaves_it(self, adas_page: Page, day: Day):
        page = adas_page
        page.goto("/app/calls/?when=all")
        filters = page.locator("form summary").filter(has_text="Outcome")

        filters.press("Enter")
        page.get_by_label("Booked").press("Space")
        expect(filters).to_have_text("Outcome: Booked")
        page.get_by_label("Booked").press("Escape")

        expect(filters).to_be_focused()
        expect(page.get_by_label("Booked")).to_be_hidden()

    def test_goes_through_the_words_of_a_call(self, adas_page: Page, day: Day):
        page = adas_page
        page.goto(f"/app/calls/{day.booked.id}/")

        page.get_by_role("button", name="Go to 0:22 in the recording").press("Enter")

        expect(page.locator("[data-now]")).to_have_text("0:22")


class TestPlayer:
    def test_plays_seeks_and_writes_one_line(
        self, adas_page: Page, cast: Cast, day: Day
    ):
        page = adas_page
        answers: list[int] = []
        page.on(
            "response",
            lambda answer: (
                answers.append(answer.status) if "/audio/" in answer.url else None
            ),
        )
        page.goto(f"/app/calls/{day.booked.id}/")

        page.get_by_role("button", name="Play", exact=True).click()
        expect(page.get_by_role("button", name="Pause")).to_be_visible()
        expect(page.locator("[data-now]")).not_to_have_text("0:00")
        page.get_by_label("Position in the recording").fill("40")
        expect(page.locator("[data-now]")).to_have_text("0:41", timeout=9_000)
        line = page.locator(".turns > li[aria-current]")
        expect(line).to_contain_text("May I have your name?")
        page.get_by_role("button", name="Caller", exact=True).click()
        expect(page.locator("[data-now]")).to_have_text("0:42")
        page.get_by_role("button", name="Pause").click()

        expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
        assert set(answers) <= {200, 206}
        assert _plays(cast, day) == 1

    def test_writes_a_line_for_each_play(self, adas_page: Page, cast: Cast, day: Day):
        page = adas_page
        page.goto(f"/app/calls/{day.booked.id}/")
        play = page.get_by_role("button", name="Play", exact=True)
        pause = page.get_by_role("button", name="Pause")

        play.click()
        expect(pause).to_be_visible()
        pause.click()
        page.get_by_label("Position in the recording").fill("60")
        play.click()
        expect(page.locator("[data-now]")).to_have_text("1:01", timeout=9_000)
        expect(play).to_be_visible()
        first = _plays(cast, day)
        play.click()
        expect(page.locator("[data-now]")).to_have_text("0:01")

        assert first == 1
        assert _plays(cast, day) == 2

    def test_goes_to_where_the_keys_say(self, adas_page: Page, day: Day):
        page = adas_page
        page.goto(f"/app/calls/{day.booked.id}/")

        page.locator("body").press("ArrowRight")
        page.locator("body").press("ArrowRight")
        page.locator("body").press("ArrowLeft")

        expect(page.locator("[data-now]")).to_have_text("0:05")


class TestMessages:
    def test_are_done_and_undone(self, adas_page: Page, day: Day):
        page = adas_page
        page.goto("/app/")

        page.get_by_role("button", name="Done: Omar Haddad").click()
        expect(page.get_by_text("Marked as done.")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Two callers wait for a person"
        )
        page.get_by_role("button", name="Undo").click()

        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Three callers wait for a person"
        )


class TestEmergencyWithoutAMessage:
    @pytest.mark.parametrize("width", [1440, 390])
    def test_is_done_and_undone(
        self, adas_page: Page, cast: Cast, day: Day, width: int
    ):
        page = adas_page
        # A toast that is still fading in would be judged as it is.
        page.emulate_media(reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        with tenancy.scope(cast.alder.organization.id):
            make_call(
                cast.alder,
                at=utc_now() - timedelta(minutes=5),
                name="Gil Marsh",
                outcome=Call.Outcome.EMERGENCY,
            )
        page.goto("/app/")
        assert violations(page) == []

        page.get_by_role("button", name="Done: Gil Marsh").click()
        expect(page.get_by_text("Marked as done.")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Three callers wait for a person"
        )
        assert violations(page) == []
        page.get_by_role("button", name="Undo").click()

        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Four callers wait for a person"
        )


class TestOnAPhone:
    def test_the_header_finds_calls_and_turns_dark(self, adas_page: Page, day: Day):
        page = adas_page
        # Colours that are still fading would be judged as they are.
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.set_viewport_size({"width": 390, "height": 900})
        page.goto("/app/")

        page.get_by_label("Your menu: Ada Lindgren").click()
        page.get_by_role("button", name="Light or dark").click()
        theme = page.evaluate("document.documentElement.dataset.theme")
        found = violations(page)
        page.get_by_label("Your menu: Ada Lindgren").click()
        page.get_by_role("link", name="Search calls").click()

        assert theme == "dark"
        assert found == []
        expect(page.get_by_role("heading", level=1)).to_have_text("Calls")
        expect(page.get_by_role("searchbox")).to_have_count(1)

    def test_the_matrix_opens_area_by_area(self, adas_page: Page, cast: Cast):
        page = adas_page
        page.set_viewport_size({"width": 390, "height": 900})
        page.goto("/app/settings/roles/matrix/")
        api = page.get_by_role("group", name="The API")
        expect(api).to_be_hidden()

        page.locator("summary").filter(has_text="The API").click()

        expect(api).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 390


class TestWithoutScripts:
    def test_everything_but_the_player_works(
        self, window: BrowserContext, live_server, cast: Cast, day: Day
    ):
        context = window.browser.new_context(
            base_url=live_server.url, java_script_enabled=False
        )
        page = context.new_page()
        page.goto("/app/calls/?when=all&outcome=booked")
        page.get_by_label("E-mail").fill(cast.ben.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()

        expect(page.get_by_role("link", name="+1 ••• ••• ••36")).to_have_count(1)
        page.get_by_label("Find in these calls").fill("omar")
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_text("No call fits.")).to_be_visible()
        page.goto(f"/app/calls/{day.booked.id}/")
        expect(page.get_by_text("The player needs JavaScript.")).to_be_visible()
        context.close()
