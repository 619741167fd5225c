"""Asks at every request whether the session still stands; over, it is nobody's.

After `AuthenticationMiddleware`, before the clinic's scope is opened.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from accounts.models import User
from accounts.services.keep_session import ENDED, SESSION_EPOCH
from accounts.sessions.cookies import key_hash, read_row_id
from accounts.sessions.limits import Standing, why_over
from accounts.sessions.models import EndReason
from accounts.sessions.selectors.standing import find_standing
from accounts.sessions.services.close_session import close_session
from accounts.sessions.services.note_activity import follow_session, note_activity
from sondervoice.kernel.clock import utc_now

# A page says it of what it asks by itself, so that a timer keeps nobody signed in.
BACKGROUND: Final = "X-Background"

Respond = Callable[[HttpRequest], HttpResponse]


class StandingMiddleware:
    """Lets a session pass that stands, and empties one that does not."""

    def __init__(self, get_response: Respond) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look before the request, and write the session's new id after it."""
        standing = None
        if isinstance(request.user, User):
            standing = _look(request, request.user, now=utc_now())
        key_before = request.session.session_key
        response = self.get_response(request)
        if response.status_code < 500:
            _follow(request, standing, key_before)
        return _leave_htmx(request, response)


def _look(request: HttpRequest, user: User, *, now: datetime) -> Standing | None:
    """Return how it is with the session, emptied if it is over."""
    session_id = read_row_id(request.session)
    standing = find_standing(session_id) if session_id is not None else None
    if standing is None or standing.user_id != user.pk:
        _forget(request)
        return None
    reason = _why_over(request, standing, now)
    if reason is None:
        if BACKGROUND not in request.headers and standing.must_note(now):
            note_activity(session_id=standing.id, user_id=user.pk, now=now)
        request.standing = standing  # type: ignore[attr-defined]
        return standing
    notice = close_session(standing=standing, reason=reason, now=now)
    _forget(request)
    request.session[ENDED] = notice.as_session_value()
    return None


def _why_over(
    request: HttpRequest, standing: Standing, now: datetime
) -> EndReason | None:
    reason = why_over(standing, now=now)
    if reason is None and standing.key_sha256 != key_hash(request.session):
        # An id from before the second factor or the new password, come back.
        return EndReason.CHANGED
    return reason


def _forget(request: HttpRequest) -> None:
    """Empty the session on the server too: its cookie is worth nothing again."""
    request.session.flush()
    request.user = AnonymousUser()


def _follow(
    request: HttpRequest, standing: Standing | None, key_before: str | None
) -> None:
    """Write to the row what the session became in this request."""
    if not isinstance(request.user, User):
        return
    session_id = read_row_id(request.session)
    epoch = request.session.get(SESSION_EPOCH)
    if session_id is None or epoch is None:
        return
    is_same = standing is not None and standing.epoch == epoch
    if not is_same or request.session.session_key != key_before:
        follow_session(
            session_id=session_id,
            user_id=request.user.pk,
            key_sha256=key_hash(request.session),
            epoch=epoch,
        )


def _leave_htmx(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Send the whole page to the sign-in page; htmx would put it into a part."""
    location = response.headers.get("Location", "")
    is_htmx = "HX-Request" in request.headers and response.status_code == 302
    if not is_htmx or not location.startswith(resolve_url(settings.LOGIN_URL)):
        return response
    return HttpResponse(status=401, headers={"HX-Redirect": location})
