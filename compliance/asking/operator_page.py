"""People's requests as operators see them: read, put off with a reason, answered."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from accounts.access import PageRequest
from accounts.operators.acts import say_errors
from accounts.operators.pages.base import OperatorPage, mask_email
from accounts.operators.site import operator_site, operators_alone
from accounts.operators.tokens import Purpose
from compliance.asking.models import PrivacyRequest
from compliance.asking.own_forms import AnswerForm, PutOffForm
from compliance.asking.own_words import read_words
from compliance.asking.services.answer_privacy import answer_privacy, put_off
from sondervoice.kernel.clock import utc_now

_PAGE = "admin:asking_privacyrequest_change"


@admin.register(PrivacyRequest, site=operator_site)
class PrivacyRequestPage(OperatorPage):
    """What people with an account have asked, the most urgent first."""

    purpose = Purpose.PRIVACY
    related = ("user",)
    acts_template = "operators/privacy_acts.html"
    acts_first = True
    list_display = ("kind", "status", "person", "asked_at", "due_at")
    list_filter = ("status",)
    ordering = ("-status", "due_at", "id")
    fields = ("id", "kind", "status", "person", "asked_at", "due_at", "answered_at")

    @admin.display(description="Who asked")
    def person(self, row: PrivacyRequest) -> str:
        """Return the address, masked: it is enough to tell two apart."""
        return mask_email(row.user.email)

    def acts(self, request: HttpRequest, row: PrivacyRequest) -> dict[str, Any]:
        """Return the words, and the two forms while it is open."""
        return {
            "row": row,
            "words": read_words(row, "words"),
            "why_put_off": read_words(row, "put_off"),
            "answer": read_words(row, "answer"),
            "is_open": row.status == PrivacyRequest.Status.OPEN,
            "may_put_off": row.put_off_at is None and utc_now() < row.due_at,
        }


@require_POST
def privacy_put_off(request: PageRequest, request_id: UUID) -> HttpResponse:
    """Take longer, and say why."""
    form = PutOffForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return redirect(_PAGE, request_id)
    row = put_off(
        operator_id=request.user.pk,
        request_id=request_id,
        days=form.cleaned_data["days"],
        reason=form.cleaned_data["reason"],
        now=utc_now(),
    )
    messages.success(
        request, f"Put off until {row.due_at:%d.%m.%Y}. A letter goes out."
    )
    return redirect(_PAGE, request_id)


@require_POST
def privacy_answer(request: PageRequest, request_id: UUID) -> HttpResponse:
    """Answer it; the person is written to."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return redirect(_PAGE, request_id)
    answer_privacy(
        operator_id=request.user.pk,
        request_id=request_id,
        is_done=form.is_done,
        words=form.cleaned_data["words"],
        now=utc_now(),
    )
    messages.success(request, "Answered. A letter goes out.")
    return redirect(_PAGE, request_id)


_REQUEST = "privacy/<uuid:request_id>"
operator_site.further = [
    *operator_site.further,
    path(
        f"{_REQUEST}/put-off/", operators_alone(privacy_put_off), name="privacy-put-off"
    ),
    path(f"{_REQUEST}/answer/", operators_alone(privacy_answer), name="privacy-answer"),
]
