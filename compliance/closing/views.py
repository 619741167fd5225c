"""Settings: close the clinic's account, or keep it after all."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PageRequest, page, send_to_factor
from accounts.actors import Ask
from accounts.permissions import Permission, Role
from accounts.second_factor.freshness import is_fresh
from accounts.settings_pages import draw_settings
from compliance.closing.closing_dates import closing_dates
from compliance.closing.errors import ClosingNotYoursError
from compliance.closing.forms import CloseForm
from compliance.closing.models import Closing
from compliance.closing.selectors.standing import find_standing
from compliance.closing.services.ask_closing import ask_closing, keep_account
from sondervoice.kernel.clock import utc_now

_HERE = "clinic"
_EXPORT = "data-export"


@page(Permission.CLINIC_CLOSE)
@require_http_methods(["GET", "POST"])
def close(request: PageRequest) -> HttpResponse:
    """Show all dates and ask for the clinic's name; begin when the form is sent.

    Raises:
        ClosingNotYoursError: If the actor is no owner.
        SecondFactorStaleError: If it was not shown in the last five minutes.
    """
    if request.actor.role != Role.OWNER:
        raise ClosingNotYoursError
    now = utc_now()
    if find_standing() is not None and request.method != "POST":
        return _draw_standing(request)
    form = CloseForm(request.POST or None, clinic_name=request.organization.name)
    if request.method == "POST" and form.is_valid():
        ask_closing(
            actor=request.actor,
            typed_name=form.cleaned_data["name"],
            stops_at_once=form.stops_at_once,
            now=now,
        )
        messages.success(request, "The account closes. All owners get a letter.")
        return redirect("clinic-close")
    if request.method != "POST" and not is_fresh(request.actor.factor_at, now=now):
        return send_to_factor(request, Ask.SHOW_FACTOR)
    dates = closing_dates(
        now, stops_at_once=False, record_keep_days=settings.RECORD_KEEP_DAYS
    )
    return draw_settings(
        request,
        "compliance/closing/close.html",
        {"form": form, "dates": dates, "export_url": _export_url()},
        here=_HERE,
        status=422 if request.method == "POST" else 200,
    )


@page(Permission.CLINIC_CLOSE)
@require_POST
def keep(request: PageRequest) -> HttpResponse:
    """Keep the account; all goes on as before.

    Raises:
        ClosingNotYoursError: If the actor is no owner.
        GraceOverError: If it is too late, or nothing is being closed.
    """
    keep_account(actor=request.actor, now=utc_now())
    messages.success(request, "The account stays. Nothing was erased.")
    return redirect("clinic")


def _draw_standing(request: PageRequest) -> HttpResponse:
    closing = find_standing()
    context = {
        "dates": closing and closing.dates,
        "standing": closing,
        "is_grace": closing is not None and closing.step == Closing.Step.GRACE,
        "export_url": _export_url(),
    }
    return draw_settings(
        request, "compliance/closing/standing.html", context, here=_HERE
    )


def _export_url() -> str:
    """Return where the clinic's data is exported, if that page is there."""
    try:
        return reverse(_EXPORT)
    except NoReverseMatch:
        return ""
