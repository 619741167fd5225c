"""The pages Clinic and Plan."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import PageRequest, page
from accounts.clinics.forms import ClinicForm
from accounts.clinics.plan_words import PLAN_NAMES, features_of
from accounts.clinics.services.change_clinic import change_clinic, leave_agency
from accounts.entitlements import Plan
from accounts.joining.places import REGIONS, countries, states, zone_names
from accounts.models import Organization
from accounts.permissions import Permission, Role
from accounts.settings_pages import draw_settings
from sondervoice.kernel.clock import utc_now


@page(Permission.CLINIC_MANAGE)
@require_http_methods(["GET", "POST"])
def clinic(request: PageRequest) -> HttpResponse:
    """Show the clinic, and change its name and time zone."""
    own = request.organization
    was = {"name": own.name, "timezone": own.timezone}
    form = ClinicForm(request.POST or None, initial=was)
    if request.method == "POST" and form.is_valid():
        change_clinic(actor=request.actor, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("clinic")
    context = {
        "form": form,
        "zones": zone_names(),
        "place": _place(own),
        "region": REGIONS[own.region],
        "agency": own.agency.name if own.agency else "",
        "may_leave_agency": request.actor.role == Role.OWNER,
        "may_close": request.actor.role == Role.OWNER
        and request.actor.may(Permission.CLINIC_CLOSE),
    }
    status = 422 if request.method == "POST" else 200
    return draw_settings(
        request, "clinics/clinic.html", context, here="clinic", status=status
    )


def _place(own: Organization) -> str:
    country = countries().get(own.country, own.country)
    state = states().get(own.jurisdiction)
    return f"{state}, {country}" if state else country


@page(Permission.CLINIC_MANAGE)
@require_http_methods(["GET", "POST"])
def end_agency(request: PageRequest) -> HttpResponse:
    """Ask whether to end the agency's work; end it when the form is sent."""
    if request.method == "POST":
        leave_agency(actor=request.actor, now=utc_now())
        messages.success(request, "The agency sees nothing of the clinic any more.")
        return redirect("clinic")
    agency = request.organization.agency
    if agency is None:
        return redirect("clinic")
    context = {"agency": agency.name}
    return draw_settings(request, "clinics/end_agency.html", context, here="clinic")


@page(Permission.PLAN_VIEW)
@require_GET
def plan(request: PageRequest) -> HttpResponse:
    """Show the plan and what it includes."""
    own = request.organization
    context = {
        "plan": PLAN_NAMES[Plan(own.plan)],
        "features": features_of(own.plan),
    }
    return draw_settings(request, "clinics/plan.html", context, here="plan")
