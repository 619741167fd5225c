"""The counts of all clinics together, for operators: no clinic is named."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_GET

from accounts.operators.site import operator_site, operators_alone
from sondervoice.kernel.clock import utc_now
from telephony.statistics.coarsen import FEWEST
from telephony.statistics.selectors.call_counts import read_all_clinics


@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """Show the published counts of the last twelve months, summed over clinics."""
    context = {
        **operator_site.each_context(request),
        "title": "Statistics",
        "rows": read_all_clinics(today=utc_now().date()),
        "fewest": FEWEST,
    }
    return TemplateResponse(request, "operators/statistics.html", context)


operator_site.further = [
    *operator_site.further,
    path("statistics/", operators_alone(statistics), name="statistics"),
]
