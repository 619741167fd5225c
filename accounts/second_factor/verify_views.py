"""Showing a factor: after the password, and whenever it is asked for again."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import public
from accounts.models import User
from accounts.second_factor.doors import next_page
from accounts.second_factor.forms import CodeForm, RecoveryForm
from accounts.second_factor.proof import note_proof
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


@public("whoever is signed in shows their own factor")
@login_required
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for six digits or a passkey, and go on."""
    return _ask(request, CodeForm, show_code, "verify.html", _WRONG_CODE)


@public("whoever is signed in shows their own recovery code")
@login_required
@require_http_methods(["GET", "POST"])
def recovery(request: HttpRequest) -> HttpResponse:
    """Ask for a recovery code, and go on."""
    return _ask(
        request, RecoveryForm, show_recovery_code, "recovery.html", _WRONG_RECOVERY
    )


def _ask(
    request: HttpRequest,
    form_class: type[forms.Form],
    look: Look,
    template: str,
    wrong: str,
) -> HttpResponse:
    user = cast("User", request.user)
    if not list_factors(user=user):
        return redirect("second-factor-set-up")
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = utc_now()
        answer = look(user_id=user.pk, code=form.cleaned_data["code"], now=now)
        if answer.device is not None:
            note_proof(request, answer.device, now=now)
            return redirect(next_page(request))
        form.add_error("code", _say(answer, wrong, now))
        return _draw(request, form, template, is_locked=answer.locked_until is not None)
    return _draw(request, form, template)


def _say(answer: Answer, wrong: str, now: datetime) -> str:
    if answer.locked_until is None:
        return wrong
    minutes = -int((now - answer.locked_until).total_seconds() // 60)
    return f"Too many wrong codes. Wait {minutes} minutes, then try again."


def _draw(
    request: HttpRequest, form: forms.Form, template: str, *, is_locked: bool = False
) -> HttpResponse:
    user = cast("User", request.user)
    kinds = {one.kind for one in list_factors(user=user)}
    codes = find_recovery_codes(user=user)
    context = {
        "form": form,
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
