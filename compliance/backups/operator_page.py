"""Backups as operators see them: dates and counts, over all clinics."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_GET

from accounts.operators.site import operator_site, operators_alone
from compliance.backups.selectors import find_backups
from sondervoice.kernel.clock import utc_now


@require_GET
def backups(request: HttpRequest) -> HttpResponse:
    """Show the last backup, and whether it can be brought back."""
    context = {
        **operator_site.each_context(request),
        "title": "Backups",
        "backups": find_backups(now=utc_now()),
    }
    return TemplateResponse(request, "operators/backups.html", context)


operator_site.further = [
    *operator_site.further,
    path("backups/", operators_alone(backups), name="backups"),
]
