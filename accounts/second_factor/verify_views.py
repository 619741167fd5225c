"""Showing a factor: after the password, and whenever it is asked for again."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django_otp.models import Device

from accounts.access import public
from accounts.models import User
from accounts.second_factor.doors import factor_asked, next_page
from accounts.second_factor.forms import CodeForm, RecoveryForm
from accounts.second_factor.half_sign_in import come_in
from accounts.second_factor.known_browsers import find_browser, remember_browser
from accounts.second_factor.relying_party import offers_passkeys
from accounts.second_factor.selectors.factors import (
    Kind,
    find_recovery_codes,
    list_factors,
)
from accounts.second_factor.services.show_code import (
    Answer,
    show_code,
    show_recovery_code,
)
from sondervoice.kernel.clock import utc_now

_WRONG_CODE: Final = (
    "This code is not right, or was used already. Wait for the next one."
)
_WRONG_RECOVERY: Final = "This code is not right, or was used already. Try another one."

Look = Callable[..., Answer]


@public("who has a right password shows their own factor")
@factor_asked
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest, user: User) -> HttpResponse:
    """Ask for six digits or a passkey, and go on."""
    return _ask(request, user, CodeForm, show_code, "verify.html", _WRONG_CODE)


@public("who has a right password shows their own recovery code")
@factor_asked
@require_http_methods(["GET", "POST"])
def recovery(request: HttpRequest, user: User) -> HttpResponse:
    """Ask for a recovery code, and go on."""
    return _ask(
        request,
        user,
        RecoveryForm,
        show_recovery_code,
        "recovery.html",
        _WRONG_RECOVERY,
    )


def _ask(
    request: HttpRequest,
    user: User,
    form_class: type[forms.Form],
    look: Look,
    template: str,
    wrong: str,
) -> HttpResponse:
    if not list_factors(user=user):
        return redirect("second-factor-set-up")
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = utc_now()
        answer = look(
            user_id=user.pk,
            code=form.cleaned_data["code"],
            now=now,
            browser=find_browser(request, user, now=now),
        )
        if answer.device is not None:
            return _go_on(request, user, answer.device, now)
        form.add_error("code", _say(answer, wrong, now))
        is_locked = answer.locked_until is not None
        return _draw(request, user, form, template, is_locked=is_locked)
    return _draw(request, user, form, template)


def _go_on(
    request: HttpRequest, user: User, device: Device, now: datetime
) -> HttpResponse:
    if come_in(request, user, device, now=now) is None:
        return redirect_to_login(next_page(request))
    response = redirect(next_page(request))
    remember_browser(request, response, user, now=now)
    return response


def _say(answer: Answer, wrong: str, now: datetime) -> str:
    if answer.locked_until is None:
        return wrong
    minutes = -int((now - answer.locked_until).total_seconds() // 60)
    return f"Too many wrong codes. Wait {minutes} minutes, then try again."


def _draw(
    request: HttpRequest,
    user: User,
    form: forms.Form,
    template: str,
    *,
    is_locked: bool = False,
) -> HttpResponse:
    kinds = {one.kind for one in list_factors(user=user)}
    codes = find_recovery_codes(user=user)
    context = {
        "form": form,
        "person": user,
        "next": next_page(request),
        "has_app": Kind.APP in kinds,
        "has_passkey": Kind.PASSKEY in kinds and offers_passkeys(),
        "has_codes": codes is not None and bool(codes.hashes),
        "codes_left": 0 if codes is None else len(codes.hashes),
    }
    status = 422 if form.errors else 200
    if is_locked:
        status = 429
    address = f"accounts/second_factor/{template}"
    return render(request, address, context, status=status)
