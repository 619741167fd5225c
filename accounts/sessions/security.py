"""The settings page Security: how long people stay signed in, and what is fixed."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PageRequest, page
from accounts.permissions import Permission
from accounts.sessions.forms import LimitsForm
from accounts.sessions.services.change_limits import change_limits
from accounts.settings_pages import draw_settings


@page(Permission.SECURITY_VIEW)
@require_GET
def security(request: PageRequest) -> HttpResponse:
    """Show the clinic's limits."""
    return _draw(request, LimitsForm(organization=request.organization))


@page(Permission.SECURITY_MANAGE)
@require_POST
def limits_change(request: PageRequest) -> HttpResponse:
    """Set the limits, or show what is wrong with them."""
    form = LimitsForm(request.POST, organization=request.organization)
    if not form.is_valid():
        return _draw(request, form, status=422)
    change_limits(actor=request.actor, limits=form.limits())
    return redirect(f"{reverse('security')}?saved=1")


def _draw(request: PageRequest, form: LimitsForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "is_hipaa": request.organization.hipaa_mode,
        "may_change": request.actor.may(Permission.SECURITY_MANAGE),
        "is_saved": "saved" in request.GET,
    }
    return draw_settings(
        request, "sessions/security.html", context, here="security", status=status
    )
