from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from accounts.models import User
from accounts.second_factor.proof import note_proof
from accounts.services.end_sessions import end_own_sessions
from accounts.services.keep_session import keep_session
from accounts.sessions.middleware import StandingMiddleware
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast
from tests.cast_fixtures import SignIn


def _within(client: Client, act: Callable[[HttpRequest], None]) -> Client:
    """Do it in a request of this browser; return the browser with its new cookie."""
    request = RequestFactory().post("/app/")
    request.session = client.session
    request.user = get_user(request)

    def respond(request: HttpRequest) -> HttpResponse:
        act(request)
        return HttpResponse()

    StandingMiddleware(respond)(request)
    request.session.save()
    later = Client()
    later.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return later


class TestKeepSession:
    def test_lets_this_one_go_on_under_a_new_id(self, cast: Cast, signed_in: SignIn):
        before = signed_in(cast.ben)

        after = _within(
            before,
            lambda request: keep_session(
                request, epoch=end_own_sessions(user_id=cast.ben.id)
            ),
        )

        assert after.get("/app/").status_code == 200
        assert after.get("/app/").status_code == 200
        assert before.get("/app/").status_code == 302

    def test_is_the_only_way_to_go_on(self, cast: Cast, signed_in: SignIn):
        def change(request: HttpRequest) -> None:
            assert isinstance(request.user, User)
            end_own_sessions(user_id=request.user.pk)

        after = _within(signed_in(cast.ben), change)

        assert after.get("/app/").status_code == 302


class TestSecondFactor:
    def test_moves_the_session_to_a_new_id(self, cast: Cast, signed_in: SignIn):
        before = signed_in(cast.ben)

        after = _within(
            before, lambda request: note_proof(request, None, now=utc_now())
        )

        assert after.get("/app/").status_code == 200
        assert before.get("/app/").status_code == 302
