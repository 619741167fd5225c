"""Keeps a row for each sign-in, whichever way it came: Django's signals tell."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from accounts.client_address import client_address
from accounts.models import User
from accounts.services.keep_session import ENDED, SESSION_EPOCH
from accounts.sessions.cookies import ROW, key_hash, read_row_id
from accounts.sessions.devices import name_device
from accounts.sessions.models import EndReason
from accounts.sessions.places import place_of
from accounts.sessions.services.end_session import end_session
from accounts.sessions.services.start_session import Browser, start_session
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now


def watch() -> None:
    """Listen; what is done is part of the transaction of the sign-in page."""
    user_logged_in.connect(begin)
    user_logged_out.connect(end)


def begin(sender: Any, *, request: HttpRequest, user: User, **_: Any) -> None:
    """Begin a session and tie Django's to it."""
    browser = Browser(
        key_sha256=key_hash(request.session),
        device=name_device(request.headers.get("User-Agent", "")),
        address=client_address(request),
        place=place_of(request),
    )
    with signing_in():
        row = start_session(user=user, browser=browser, now=utc_now())
    request.session[ROW] = str(row.pk)
    request.session[SESSION_EPOCH] = row.epoch
    request.session.pop(ENDED, None)


def end(sender: Any, *, request: HttpRequest, user: User | None, **_: Any) -> None:
    """Write that the person signed out."""
    session_id = read_row_id(request.session)
    if user is not None and session_id is not None:
        end_session(
            session_id=session_id,
            user_id=user.pk,
            reason=EndReason.SIGNED_OUT,
            ended_at=utc_now(),
        )
