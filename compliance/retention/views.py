"""Settings: how long data is kept, what is held, and what went."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import PageRequest, page
from accounts.dashboard import zone_of
from accounts.entitlements import Feature, plan_has
from accounts.machines.not_theirs import watch_refusal
from accounts.permissions import Permission
from accounts.settings_pages import draw_settings
from compliance.retention.errors import HeldCallNotFoundError
from compliance.retention.forms import (
    HoldForm,
    ReleaseForm,
    RetentionForm,
    ReviewForm,
)
from compliance.retention.looks import note_reasons_read
from compliance.retention.models import RetentionPolicy
from compliance.retention.rules import RECORD_DAYS_AT_LEAST, KeepDays, shortened
from compliance.retention.selectors.keep_days import days_of, find_policy
from compliance.retention.selectors.retention_page import (
    HoldRow,
    count_going,
    get_hold,
    in_words,
    list_holds,
    list_runs,
)
from compliance.retention.services.change_retention import change_retention
from compliance.retention.services.place_hold import place_hold, release_hold
from compliance.retention.services.review_hold import review_hold
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.slots import latest_slot

_HOUR = 3
_HERE = "retention"


@page(Permission.RETENTION_VIEW)
@require_GET
def retention(request: PageRequest) -> HttpResponse:
    """Show the clinic's clocks, its holds, and the last nights."""
    return _draw(request, _form(request))


@page(Permission.RETENTION_MANAGE)
@require_POST
def change(request: PageRequest) -> HttpResponse:
    """Set the days; where something gets shorter, first show what would go."""
    form = _form(request, is_sent=True)
    if not form.is_valid():
        return _draw(request, form, status=422)
    days, now = form.days(), utc_now()
    if shortened(_days_now(), days) and "sure" not in request.POST:
        tonight = _tonight(now)
        going = count_going(actor=request.actor, days=days, before=tonight)
        context = {
            "form": form,
            "going": in_words(going),
            "tonight": tonight,
        }
        return draw_settings(
            request, "compliance/retention/shorten.html", context, here=_HERE
        )
    change_retention(
        actor=request.actor,
        days=days,
        transcript_outlives=form.cleaned_data["transcript_outlives"],
        now=now,
    )
    messages.success(request, "Saved.")
    return redirect("retention")


@page(Permission.RETENTION_MANAGE)
@require_http_methods(["GET", "POST"])
def hold_place(request: PageRequest) -> HttpResponse:
    """Ask what to hold and why; hold it when the form is sent."""
    now = utc_now()
    form = HoldForm(
        request.POST or None, today=_today(request, now), zone=zone_of(request)
    )
    if request.method == "POST" and form.is_valid():
        try:
            place_hold(actor=request.actor, wanted=form.wanted(), now=now)
        except HeldCallNotFoundError as error:
            watch_refusal(request, error)
            form.add_error("call", str(error))
        else:
            said = "Held. Nothing of it is erased until it is released."
            messages.success(request, said)
            return redirect("retention")
    status = 422 if request.method == "POST" else 200
    return draw_settings(
        request,
        "compliance/retention/hold.html",
        {"form": form},
        here=_HERE,
        status=status,
    )


@page(Permission.RETENTION_MANAGE)
@require_http_methods(["GET", "POST"])
def hold_release(request: PageRequest, hold_id: UUID) -> HttpResponse:
    """Ask why to release a hold; release it when the form is sent."""
    now = utc_now()
    today = _today(request, now)
    hold = _read_hold(request, hold_id, today)
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        release_hold(actor=request.actor, hold_id=hold_id, reason=reason, now=now)
        messages.success(request, "Released. What is past its date goes in the night.")
        return redirect("retention")
    status = 422 if request.method == "POST" else 200
    return draw_settings(
        request,
        "compliance/retention/release.html",
        {"form": form, "hold": hold},
        here=_HERE,
        status=status,
    )


@page(Permission.RETENTION_MANAGE)
@require_http_methods(["GET", "POST"])
def hold_review(request: PageRequest, hold_id: UUID) -> HttpResponse:
    """Ask when to look again at a hold that is still needed; keep the day."""
    now = utc_now()
    today = _today(request, now)
    hold = _read_hold(request, hold_id, today)
    form = ReviewForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["review_on"]
        review_hold(actor=request.actor, hold_id=hold_id, review_on=day, now=now)
        messages.success(request, "Kept. You get a letter when the day comes.")
        return redirect("retention")
    status = 422 if request.method == "POST" else 200
    return draw_settings(
        request,
        "compliance/retention/review.html",
        {"form": form, "hold": hold},
        here=_HERE,
        status=status,
    )


def _read_hold(request: PageRequest, hold_id: UUID, today: date) -> HoldRow:
    hold = get_hold(actor=request.actor, hold_id=hold_id, today=today)
    note_reasons_read(actor=request.actor, count=1, hold_id=hold_id)
    return hold


def _draw(
    request: PageRequest, form: RetentionForm, *, status: int = 200
) -> HttpResponse:
    now = utc_now()
    holds = list_holds(actor=request.actor, today=_today(request, now))
    note_reasons_read(actor=request.actor, count=sum(bool(one.reason) for one in holds))
    context: dict[str, Any] = {
        "form": form,
        "may_change": request.actor.may(Permission.RETENTION_MANAGE),
        "holds": holds,
        "runs": list_runs(actor=request.actor),
        "tonight": _tonight(now),
        "is_hipaa": request.organization.hipaa_mode,
        "record_days": settings.RECORD_KEEP_DAYS,
        "record_days_at_least": RECORD_DAYS_AT_LEAST,
    }
    return draw_settings(
        request,
        "compliance/retention/retention.html",
        context,
        here=_HERE,
        status=status,
    )


def _form(request: PageRequest, *, is_sent: bool = False) -> RetentionForm:
    policy = find_policy()
    return RetentionForm(
        request.POST if is_sent else None,
        days=_days_now(policy),
        transcript_outlives=policy is not None and policy.transcript_outlives,
        any_number=plan_has(request.organization.plan, Feature.RETENTION_DAYS),
    )


def _days_now(policy: RetentionPolicy | None = None) -> KeepDays:
    policy = policy or find_policy()
    return KeepDays() if policy is None else days_of(policy)


def _today(request: PageRequest, now: datetime) -> date:
    return now.astimezone(zone_of(request)).date()


def _tonight(now: datetime) -> datetime:
    """Return when the next night's erasure is due."""
    return latest_slot(now, hour=_HOUR) + timedelta(days=1)
