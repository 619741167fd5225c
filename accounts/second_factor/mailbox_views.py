"""The page that asks for a code from a letter, before the first factor is set up."""

from typing import cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import public
from accounts.guessing.limits import MAILBOX_CODE, MAILBOX_LETTER
from accounts.guessing.services.take_try import take_try
from accounts.models import User
from accounts.second_factor.doors import next_page
from accounts.second_factor.forms import MailboxForm
from accounts.second_factor.mailbox import (
    ask_code,
    is_code,
    is_code_asked,
    note_mailbox,
)
from sondervoice.kernel.clock import utc_now


@public("whoever is signed in proves that they read their mail")
@login_required
@require_http_methods(["GET", "POST"])
def mailbox(request: HttpRequest) -> HttpResponse:
    """Say where a code goes, take it, and go on.

    Raises:
        TooManyTriesError: If codes were tried too often.
    """
    user, now = cast("User", request.user), utc_now()
    if user.second_factor_since is not None:
        return redirect("second-factor")
    form = MailboxForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        take_try(limit=MAILBOX_CODE, key=str(user.pk), now=now)
        if is_code(request, user, form.cleaned_data["code"], now=now):
            request.session.cycle_key()
            note_mailbox(request, user.pk, now=now)
            return redirect(next_page(request))
        form.add_error(
            "code", "This code is not right, or is too old. Ask for another."
        )
    name, _, domain = user.email.partition("@")
    context = {
        "form": form,
        "next": next_page(request),
        "address": f"{name[:1]}•••@{domain}",
        "is_sent": is_code_asked(request, now=now),
    }
    status = 422 if form.errors else 200
    page = "accounts/second_factor/mailbox.html"
    return render(request, page, context, status=status)


@public("whoever is signed in has a letter sent to themselves")
@login_required
@require_POST
def send_code(request: HttpRequest) -> HttpResponse:
    """Send a code to the person's address.

    Raises:
        TooManyTriesError: If too many letters were asked for.
    """
    user, now = cast("User", request.user), utc_now()
    if user.second_factor_since is None:
        take_try(limit=MAILBOX_LETTER, key=str(user.pk), now=now)
        ask_code(request, user, now=now)
    query = urlencode({"next": next_page(request)})
    return redirect(f"{reverse('second-factor-mailbox')}?{query}")
