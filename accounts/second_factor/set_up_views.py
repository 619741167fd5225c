"""Setting a factor up, and the recovery codes that come with it."""

import os
from typing import Any, Final, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import public
from accounts.derived_keys import SealBrokenError
from accounts.models import User
from accounts.second_factor.doors import factor_fresh_if_any, factor_shown, next_page
from accounts.second_factor.forms import SetUpForm
from accounts.second_factor.known_browsers import remember_browser
from accounts.second_factor.mailbox import forget_mailbox
from accounts.second_factor.proof import note_proof
from accounts.second_factor.qr import draw_key, spell_key
from accounts.second_factor.relying_party import offers_passkeys
from accounts.second_factor.sealing import open_key, seal_key
from accounts.second_factor.selectors.factors import find_recovery_codes, list_factors
from accounts.second_factor.services.add_app import add_app
from accounts.second_factor.services.keep_codes import keep_codes
from accounts.second_factor.services.renew_codes import renew_codes
from accounts.services.keep_session import keep_session
from sondervoice.kernel.clock import utc_now

_PENDING: Final = "second_factor_pending"
_KEY_BYTES: Final = 20


@public("sets up a factor of whoever is signed in")
@login_required
@factor_fresh_if_any
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Show a new key, and add the app that shows a right code for it.

    Raises:
        TooManyFactorsError: If the person has five apps.
    """
    user = cast("User", request.user)
    key = _pending_key(request, user)
    form = SetUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now, words = utc_now(), form.cleaned_data
        added = add_app(
            user=user, sealed_key=key, code=words["code"], name=words["name"], now=now
        )
        if added is not None:
            del request.session[_PENDING]
            keep_session(request, epoch=added[1])
            forget_mailbox(request)
            note_proof(request, added[0], now=now)
            response = _after_adding(request, user)
            remember_browser(request, response, user, now=now)
            return response
        form.add_error("code", _WRONG)
    status = 422 if form.errors else 200
    context = {"form": form, "key": spell_key(user=user, sealed_key=key)}
    context["picture"] = draw_key(user=user, sealed_key=key)
    return _draw(request, "set_up.html", context, status=status)


@public("makes recovery codes of whoever is signed in")
@login_required
@factor_fresh_if_any
@require_http_methods(["GET", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """Say what recovery codes are; make them, and show them this once.

    Raises:
        FactorNotFoundError: If the person has no factor yet.
    """
    user = cast("User", request.user)
    if request.method == "POST":
        return _show_codes(request, user)
    if not list_factors(user=user):
        return redirect("second-factor-set-up")
    return _draw(request, "codes_ask.html", {"codes": find_recovery_codes(user=user)})


@public("whoever is signed in says that they kept their codes")
@login_required
@factor_shown
@require_POST
def codes_kept(request: HttpRequest) -> HttpResponse:
    """Remember that the codes were put away, and go on."""
    if request.POST.get("kept"):
        keep_codes(user=cast("User", request.user), now=utc_now())
    return redirect(next_page(request))


_WRONG: Final = (
    "This code is not right. Wait for the next one. If it stays wrong, set the clock "
    "of your phone to automatic."
)


def _pending_key(request: HttpRequest, user: User) -> str:
    """Return the key of this session's set-up; it is sealed there too."""
    kept = request.session.get(_PENDING)
    try:
        open_key(str(kept or ""), user_id=user.pk)
    except SealBrokenError:
        kept = seal_key(os.urandom(_KEY_BYTES), user_id=user.pk)
        request.session[_PENDING] = kept
    return str(kept)


def _after_adding(request: HttpRequest, user: User) -> HttpResponse:
    if find_recovery_codes(user=user) is None:
        return _show_codes(request, user)
    return redirect("/accounts/second-factor/?done=added")


def _show_codes(request: HttpRequest, user: User) -> HttpResponse:
    made, number = renew_codes(user=user, now=utc_now())
    keep_session(request, epoch=number)
    return _draw(request, "codes.html", {"made": made})


def _draw(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    user = cast("User", request.user)
    shown = {
        "next": next_page(request),
        "is_first": not list_factors(user=user),
        "offers_passkeys": offers_passkeys(),
    }
    address = f"accounts/second_factor/{template}"
    return render(request, address, shown | context, status=status)
