"""Where a person is signed in, and ending all of it."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import public
from accounts.models import User
from accounts.second_factor.doors import factor_shown
from accounts.services.keep_session import ENDED
from accounts.sessions.cookies import read_row_id
from accounts.sessions.limits import Standing
from accounts.sessions.models import EndReason
from accounts.sessions.selectors.notices import get_notice
from accounts.sessions.selectors.own_sessions import list_own_sessions
from accounts.sessions.selectors.zones import find_zone
from accounts.sessions.services.end_all_sessions import end_all_sessions
from sondervoice.kernel.clock import utc_now


@public("shows whoever is signed in their own sign-ins")
@login_required
@factor_shown
@require_GET
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Show where the person is signed in, and was in the last 30 days.

    Addresses are not for somebody who knows the password alone.
    """
    user = cast("User", request.user)
    here = read_row_id(request.session)
    rows = list_own_sessions(user=user, here=here, now=utc_now())
    zone = find_zone(user.pk)
    context = {
        "open": [row for row in rows if row.ended_at is None],
        "ended": [row for row in rows if row.ended_at is not None],
        "zone_name": zone.key.rpartition("/")[2].replace("_", " "),
    }
    with timezone.override(zone):
        return render(request, "sessions/own_sessions.html", context)


@public("ends the sessions of whoever is signed in")
@login_required
@require_http_methods(["GET", "POST"])
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Ask once, then end everything, this session too."""
    if request.method != "POST":
        return render(request, "sessions/end_sessions.html")
    standing: Standing = request.standing  # type: ignore[attr-defined]
    end_all_sessions(user_id=standing.user_id, now=utc_now())
    request.session.flush()
    notice = get_notice(standing, EndReason.ENDED_BY_PERSON)
    request.session[ENDED] = notice.as_session_value()
    return redirect("account_login")


@public("whoever is signed in says that they are still there")
@login_required
@require_POST
def stay_signed_in(request: HttpRequest) -> HttpResponse:
    """Answer; that the person did something is noted of every request."""
    return HttpResponse(status=204)
