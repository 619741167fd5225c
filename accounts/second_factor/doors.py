"""What pages under `/accounts/` demand of a session; those of `/app/` have their actor.

Below `@public` and `@login_required`, whose words and stranger's road stay as they are.
"""

from functools import wraps
from typing import Any, Final, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.access import Handler, send_to_factor
from accounts.actors import Ask
from accounts.models import User
from accounts.second_factor.freshness import is_fresh
from accounts.second_factor.half_sign_in import find_half
from accounts.second_factor.mailbox import has_mailbox
from accounts.second_factor.proof import proved_at, vouched_at
from accounts.second_factor.selectors.obligation import must_have_factor
from sondervoice.kernel.clock import utc_now

HOME: Final = "/app/start/"


def factor_asked(view: Handler) -> Handler:
    """Return the view, which is given the person who shows their factor.

    They are signed in, or half: `half_sign_in`. Anybody else signs in first.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user: User | None = cast("User", request.user)
        if not request.user.is_authenticated:
            user = find_half(request, now=utc_now())
        if user is not None:
            return view(request, user, *args, **kwargs)
        if not request.accepts("text/html"):
            return JsonResponse({"detail": "Sign in again first."}, status=401)
        return redirect_to_login(next_page(request))

    return guarded


def factor_shown(view: Handler) -> Handler:
    """Return the view, for sessions that have shown the factor there is, or must be."""
    return _guard(view, is_fresh_asked=False, may_lack=False)


def factor_fresh(view: Handler) -> Handler:
    """Return the view, for sessions that showed the factor at most five minutes ago.

    For what changes how a person signs in.
    """
    return _guard(view, is_fresh_asked=True, may_lack=False)


def factor_fresh_if_any(view: Handler) -> Handler:
    """Return the view as `factor_fresh` does, also for who has no factor yet.

    For setting up the first one, by who has just proved that they read their mail.
    """
    return _guard(view, is_fresh_asked=True, may_lack=True)


def factor_fresh_to_look(view: Handler) -> Handler:
    """Return the view as `factor_fresh` does, and as it is for who has no factor yet.

    For looking at how a person signs in, where nothing is changed.
    """
    return _guard(view, is_fresh_asked=True, may_lack=True, is_mailbox_asked=False)


def must_set_up(request: HttpRequest, user: User) -> bool:
    """Return whether a factor must be there before the session does what is theirs."""
    if user.second_factor_since is not None:
        return False
    # The demo's link, or a directory's word, stands for a factor that is not there.
    return vouched_at(request) is None and must_have_factor(user=user, now=utc_now())


def next_page(request: HttpRequest) -> str:
    """Return where the request wants to go on: a path of ours, or the first page."""
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")
    is_ours = wanted.startswith("/") and wanted.isprintable()
    if is_ours and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return HOME


def _guard(
    view: Handler,
    *,
    is_fresh_asked: bool,
    may_lack: bool,
    is_mailbox_asked: bool = True,
) -> Handler:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = cast("User", request.user)
        if user.second_factor_since is not None:
            is_shown = vouched_at(request) is not None
            if is_fresh_asked:
                is_shown = is_fresh(proved_at(request), now=utc_now())
            if not is_shown:
                return _send(request, Ask.SHOW_FACTOR)
        elif may_lack and is_mailbox_asked and not _is_more(request, user):
            return _send(request, Ask.PROVE_MAILBOX)
        elif not may_lack and must_set_up(request, user):
            return _send(request, Ask.SET_UP_FACTOR)
        return view(request, *args, **kwargs)

    return guarded


def _is_more(request: HttpRequest, user: User) -> bool:
    """Return whether the session has shown more than a password."""
    # The demo's link is more as well. A directory's word is not: it counts in its own
    # clinic alone, and a factor counts in all of a person's.
    is_shown = proved_at(request) is not None
    return is_shown or has_mailbox(request, user, now=utc_now())


def _send(request: HttpRequest, ask: Ask) -> HttpResponse:
    is_read = request.method in {"GET", "HEAD"}
    back = None if is_read else "/accounts/second-factor/"
    return send_to_factor(request, ask, back=back)
