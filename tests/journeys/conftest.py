"""A browser and a served dashboard, as the application's own role."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from sondervoice.kernel.clock import utc_now
from tests.cast import Cast, make_cast
from tests.cast_day import Day, make_day
from tests.cast_fixtures import SignIn, signed_in

__all__ = ["signed_in"]

# The same engine without Chrome's own windows around it, if it is there: a third of the
# processor time. `test_joining_whole` drives the browser that people have.
LIGHT = shutil.which("chromium-headless-shell")
CHROMIUM = shutil.which("chromium")


# Its loop runs in this thread: kept for longer than a module, it would be in the way of
# the tests that bring a loop of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from drive(LIGHT or CHROMIUM)


def drive(path: str | None) -> Iterator[Browser]:
    """Start the browser at this path; skip where there is none."""
    if path is None:
        pytest.skip("chromium is not on PATH: apt-get install chromium")
    # Playwright keeps a loop in this thread; the test's own queries block it knowingly.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--mute-audio"]
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cache.clear()
    return make_cast()


@pytest.fixture
def day(cast: Cast) -> Day:
    return make_day(cast, now=utc_now())


@pytest.fixture
def window(browser: Browser, live_server) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1440, "height": 900}
    )
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """A page that fails the test for anything it complains of."""
    page = window.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda line: complaints.append(line.text) if line.type == "error" else None,
    )
    yield page
    assert complaints == []


@pytest.fixture
def adas_page(page: Page, cast: Cast, signed_in: SignIn, live_server) -> Page:
    """Ada's, signed in with her second factor shown."""
    name = settings.SESSION_COOKIE_NAME
    session = signed_in(cast.ada).cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
    page.goto("/app/")
    return page
