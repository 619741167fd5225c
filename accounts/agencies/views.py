"""The agency's page: its clinics, and opening another."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import public
from accounts.agencies.errors import AgencyNotFoundError
from accounts.agencies.forms import AgencyClinicForm
from accounts.agencies.selectors.clinics import (
    get_agency,
    list_agencies,
    list_agency_clinics,
)
from accounts.agencies.services.add_clinic import add_clinic
from accounts.joining.places import zone_names
from accounts.models import User
from accounts.roles.errors import RoleNotYoursError
from accounts.second_factor.proof import proved_at
from accounts.sso.flow import CONNECTION
from sondervoice.kernel.clock import utc_now

View = Callable[..., HttpResponse]


def _after_factor(view: View) -> View:
    """Send who has shown no second factor to where it is asked for.

    Who came by a clinic's directory is sent to that clinic: its word holds there alone.
    """

    @wraps(view)
    def guarded(request: HttpRequest, **ids: Any) -> HttpResponse:
        if proved_at(request) is None or CONNECTION in request.session:
            return redirect("start")
        return view(request, **ids)

    return guarded


@public("the agency's own administrators are asked for, with a second factor")
@login_required
@_after_factor
@require_GET
def agency(request: HttpRequest) -> HttpResponse:
    """Show the clinics of the person's agencies.

    Raises:
        AgencyNotFoundError: If they administer none.
    """
    user = cast("User", request.user)
    found = list_agencies(user=user)
    if not found:
        raise AgencyNotFoundError
    context = {
        "agencies": [(one, list_agency_clinics(user=user, agency=one)) for one in found]
    }
    return render(request, "agencies/agency.html", context)


@public("the agency's own administrators are asked for, with a second factor")
@login_required
@_after_factor
@require_http_methods(["GET", "POST"])
def new_clinic(request: HttpRequest, agency_id: UUID) -> HttpResponse:
    """Ask for a clinic and its owner's address, then open it.

    Raises:
        AgencyNotFoundError: If the agency is not theirs.
    """
    user = cast("User", request.user)
    own = get_agency(user=user, agency_id=agency_id)
    form = AgencyClinicForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_clinic(
                user=user,
                agency=own,
                details=form.details(),
                owner_email=form.cleaned_data["owner_email"],
                now=utc_now(),
            )
        except RoleNotYoursError:
            form.add_error(
                "owner_email", "Somebody of the clinic must own it, not you."
            )
        else:
            messages.success(request, "Clinic opened. Its owner gets a letter.")
            return redirect("agency")
    context = {"agency": own, "form": form, "zones": zone_names()}
    status = 422 if request.method == "POST" else 200
    return render(request, "agencies/new_clinic.html", context, status=status)
