"""Set a forgotten password anew, by a link in a letter."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import public
from accounts.guessing.limits import RESET_ACCOUNT, RESET_CLIENT
from accounts.guessing.services.take_try import take_try
from accounts.models import User
from accounts.passwords.errors import ResetLinkDeadError
from accounts.passwords.forms import AskResetForm, NewPasswordForm
from accounts.passwords.reset_tokens import keepsake, keepsake_holds, reset_token_holds
from accounts.passwords.services.ask_reset import ask_reset
from accounts.passwords.services.replace_password import reset_password
from accounts.passwords.sign_in_tries import client_key
from accounts.second_factor.mailbox import note_mailbox
from accounts.way_in import find_user
from sondervoice.kernel.clock import utc_now

_KEPT: Final = "password_reset"


@public("who forgot their password cannot sign in")
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for an address and promise a letter, whether or not we know it.

    Raises:
        TooManyTriesError: If too many letters were asked for.
    """
    form = AskResetForm(request.POST or None)
    if not form.is_valid():
        return render(request, "passwords/reset.html", {"form": form})
    address, now = form.cleaned_data["email"].lower(), utc_now()
    take_try(limit=RESET_CLIENT, key=client_key(request), now=now)
    take_try(limit=RESET_ACCOUNT, key=address, now=now)
    ask_reset(address=address)
    return redirect("password-reset-sent")


@public("says the same to everybody")
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """Say where to look for the letter."""
    return render(request, "passwords/reset_sent.html")


@public("the link from the letter; opening it changes nothing")
@require_GET
def link(request: HttpRequest, user_id: UUID, token: str) -> HttpResponse:
    """Move what the link proves into the session, and out of the address.

    A scanner of mail that opens the link uses nothing up.
    """
    user = find_user(user_id)
    if user is None or not reset_token_holds(user, token, now=utc_now()):
        return _dead(request)
    request.session[_KEPT] = [str(user.pk), keepsake(token)]
    return _quiet(redirect("password-reset-set"))


@public("the session holds what the link from the letter proved")
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def set_anew(request: HttpRequest) -> HttpResponse:
    """Ask for a new password and set it; nobody is signed in by that.

    Raises:
        PasswordsBusyError: If it could not be hashed in time.
    """
    user, kept = _who_came_by_link(request)
    if user is None:
        return _dead(request)
    form = NewPasswordForm(request.POST or None, user=user)
    if not form.is_valid():
        return render(request, "passwords/reset_set.html", {"form": form})
    new, now = form.cleaned_data["new_password"], utc_now()
    try:
        reset_password(user_id=user.pk, kept=kept, new=new, now=now)
    except ResetLinkDeadError:
        return _dead(request)
    request.session.flush()
    note_mailbox(request, user.pk, now=now)
    return redirect("password-reset-done")


@public("says the same to everybody")
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """Say that the password is set, and lead to signing in."""
    return render(request, "passwords/reset_done.html")


def _who_came_by_link(request: HttpRequest) -> tuple[User | None, str]:
    user_id, kept = request.session.get(_KEPT, [None, ""])
    user = find_user(UUID(user_id)) if user_id else None
    if user is None or not keepsake_holds(user, kept, now=utc_now()):
        return None, ""
    return user, kept


def _dead(request: HttpRequest) -> HttpResponse:
    return _quiet(render(request, "passwords/reset_dead.html", status=404))


def _quiet(response: HttpResponse) -> HttpResponse:
    """Return the answer such that what is asked for next does not learn its address.

    For an address with a token alone: from such a page a browser sends ``Origin: null``
    with a form, which then looks like a forged one.
    """
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
