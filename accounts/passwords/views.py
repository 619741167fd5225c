"""Change one's password, for who is signed in."""

from datetime import timedelta
from typing import Final, cast
from urllib.parse import urlencode

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import public, send_to_factor
from accounts.actors import Ask
from accounts.guessing.limits import OLD_PASSWORD
from accounts.guessing.services.forget_tries import forget_tries
from accounts.guessing.services.give_back_try import give_back_try
from accounts.guessing.services.take_try import take_try
from accounts.models import User
from accounts.passwords.errors import PasswordsBusyError, PasswordWrongError
from accounts.passwords.forms import ChangePasswordForm
from accounts.passwords.services.note_lock import note_lock
from accounts.passwords.services.replace_password import change_password
from accounts.second_factor.doors import must_set_up
from accounts.second_factor.proof import proved_at
from accounts.services.keep_session import keep_session
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now

# Where a second factor is shown again.
SECOND_FACTOR_PAGE: Final = "second-factor-verify"
FRESH_FOR: Final = timedelta(minutes=5)


@public("whoever is signed in changes their own password")
@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Ask for the old password and the new one, and change it.

    A second factor that there is, or must be, is shown first.

    Raises:
        TooManyTriesError: If the old one was guessed at too often.
        PasswordsBusyError: If it could not be hashed in time.
    """
    user = cast("User", request.user)
    if not _shows_second_factor(request, user):
        query = urlencode({"next": reverse("password-change")})
        return redirect(f"{reverse(SECOND_FACTOR_PAGE)}?{query}")
    with signing_in():
        is_missing = must_set_up(request, user)
    if is_missing:
        return send_to_factor(
            request, Ask.SET_UP_FACTOR, back=reverse("password-change")
        )
    form = ChangePasswordForm(request.POST or None, user=user)
    if form.is_valid() and _is_changed(request, user, form):
        return redirect("password-changed")
    context = {"form": form, "has_password": user.has_usable_password()}
    return render(request, "passwords/change.html", context)


@public("tells whoever is signed in that it is done")
@login_required
@require_GET
def changed(request: HttpRequest) -> HttpResponse:
    """Say that the password is another one now."""
    return render(request, "passwords/changed.html")


def _shows_second_factor(request: HttpRequest, user: User) -> bool:
    """Return whether a second factor was shown of late, or there is none."""
    if user.second_factor_since is None:
        return True
    at = proved_at(request)
    return at is not None and utc_now() - at <= FRESH_FOR


def _is_changed(request: HttpRequest, user: User, form: ChangePasswordForm) -> bool:
    key, now = str(user.pk), utc_now()
    number = take_try(limit=OLD_PASSWORD, key=key, now=now)
    try:
        fresh = change_password(
            user=user,
            old=form.cleaned_data["old_password"],
            new=form.cleaned_data["new_password"],
        )
    except PasswordWrongError as error:
        form.add_error("old_password", str(error))
        if number >= OLD_PASSWORD.tries:
            note_lock(address=user.email, limit=OLD_PASSWORD, now=now)
        return False
    except PasswordsBusyError:
        give_back_try(limit=OLD_PASSWORD, key=key, taken_at=now)
        raise
    forget_tries(limit=OLD_PASSWORD, key=key)
    with signing_in():
        # Django ties a session to the hash of the password as well.
        update_session_auth_hash(request, fresh)
        keep_session(request, epoch=fresh.session_epoch)
    return True
