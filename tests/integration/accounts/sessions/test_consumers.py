import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from accounts.services.end_sessions import end_member_sessions
from accounts.sessions import consumers
from sondervoice.kernel import tenancy
from tests.asgi_server import asgi_server
from tests.cast import Cast, make_cast
from tests.cast_fixtures import SignIn
from tests.clock import StoppedClock
from tests.integration.accounts.sessions.rows import ends_of, sign_in

Open = Callable[..., ClientConnection]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cache.clear()
    return make_cast()


@pytest.fixture
def served(cast: Cast) -> Iterator[str]:
    with asgi_server() as address:
        yield address


@pytest.fixture
def open_page(served: str) -> Iterator[Open]:
    """Open the socket of a page of this browser."""
    with ExitStack() as pages:

        def open_one(client: Client, *, origin=served, path="/ws/session/"):
            cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
            words = f"{cookie.key}={cookie.value}" if cookie else "none=1"
            page = connect(
                served.replace("http", "ws") + path,
                origin=origin,
                additional_headers={"Cookie": words},
            )
            return pages.enter_context(page)

        yield open_one


def _words(page: ClientConnection, *, within_s: float) -> Iterator[dict[str, str]]:
    """Yield what the page is told, until it is closed."""
    while True:
        yield json.loads(page.recv(timeout=within_s))


def _end(page: ClientConnection, *, within_s: float) -> tuple[dict[str, str], int]:
    """Return the last words and the code with which the page was closed in time."""
    began, said = time.monotonic(), [{}]
    with pytest.raises(ConnectionClosed) as closed:
        said.extend(_words(page, within_s=within_s))
    assert time.monotonic() - began <= within_s
    assert closed.value.rcvd is not None
    return said[-1], closed.value.rcvd.code


class TestOpenPage:
    def test_is_told_within_five_seconds_who_took_its_place(
        self, cast: Cast, open_page: Open
    ):
        page = open_page(sign_in(cast.ben))

        sign_in(cast.ben, **{"User-Agent": "Firefox/140 Windows"})
        said, code = _end(page, within_s=5)

        assert code == 4401
        assert said["kind"] == "over"
        assert said["title"] == "You signed in elsewhere"
        assert "Firefox on Windows" in said["words"]
        assert ends_of(cast.ben) == ["superseded", ""]

    def test_finds_out_by_itself_when_nobody_tells(self, cast: Cast, open_page: Open):
        page = open_page(sign_in(cast.ben))
        with pytest.raises(TimeoutError):
            # It has looked once by then, and will look again only in four seconds.
            page.recv(timeout=0.5)

        with tenancy.scope(cast.alder.organization.id):
            end_member_sessions(user_id=cast.ben.id)
        said, code = _end(page, within_s=5)

        assert code == 4401
        assert said["title"] == "Your clinic ended this session"

    def test_of_another_person_stays(self, cast: Cast, open_page: Open):
        page = open_page(sign_in(cast.ada))
        sign_in(cast.ben)
        sign_in(cast.ben)

        with pytest.raises(TimeoutError):
            page.recv(timeout=0.3)

    def test_is_asked_whether_somebody_is_there_and_then_signed_out(
        self,
        cast: Cast,
        signed_in: SignIn,
        stopped_clock: StoppedClock,
        open_page: Open,
        monkeypatch: pytest.MonkeyPatch,
    ):
        monkeypatch.setattr(consumers, "LOOK_EVERY_S", 0.05)
        client = signed_in(cast.ben)
        page = open_page(client)

        stopped_clock.move(minutes=59, seconds=1)
        asked = json.loads(page.recv(timeout=5))
        answer = client.post("/accounts/sessions/stay/")
        stays = json.loads(page.recv(timeout=5))
        stopped_clock.move(minutes=60)
        said, code = _end(page, within_s=5)

        assert asked == {"kind": "soon"}
        assert answer.status_code == 204
        assert stays == {"kind": "stands"}
        assert said["title"] == "You were signed out after 60 quiet minutes"
        assert code == 4401
        assert ends_of(cast.ben) == ["idle"]

    def test_that_talks_is_hung_up_on(self, cast: Cast, open_page: Open):
        page = open_page(sign_in(cast.ben))

        page.send("hello")

        assert _end(page, within_s=5) == ({}, 1003)


class TestHandshake:
    @pytest.mark.parametrize("origin", ["https://evil.example", None, "null"])
    def test_from_another_site_is_refused(
        self, cast: Cast, open_page: Open, origin: str | None
    ):
        client = sign_in(cast.ben)

        with pytest.raises(InvalidStatus) as refusal:
            open_page(client, origin=origin)

        assert refusal.value.response.status_code == 403

    def test_of_nobody_is_refused(self, cast: Cast, open_page: Open):
        with pytest.raises(InvalidStatus) as refusal:
            open_page(Client())

        assert refusal.value.response.status_code == 403

    def test_with_the_cookie_of_an_ended_session_is_refused(
        self, cast: Cast, open_page: Open
    ):
        client = sign_in(cast.ben)
        old = Client()
        old.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[
            settings.SESSION_COOKIE_NAME
        ].value
        client.post("/accounts/logout/")

        with pytest.raises(InvalidStatus) as refusal:
            open_page(old)

        assert refusal.value.response.status_code == 403

    def test_at_an_address_that_does_not_exist_is_refused(
        self, cast: Cast, open_page: Open
    ):
        client = sign_in(cast.ben)

        with pytest.raises(InvalidStatus) as refusal:
            open_page(client, path="/ws/else/")

        assert refusal.value.response.status_code == 403
