"""Help from SonderVoice, as the clinic sees it; and how an operator goes away."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PageRequest, member_page, page
from accounts.operators.errors import OperatorThingNotFoundError
from accounts.operators.models import OperatorSession
from accounts.operators.selectors.sessions import is_help_off, list_sessions
from accounts.operators.services.end_session import end_session, send_away
from accounts.operators.services.set_help import set_help
from accounts.operators.states import session_state
from accounts.operators.visit import leave_visit
from accounts.permissions import Permission
from accounts.settings_pages import draw_settings
from sondervoice.kernel.clock import utc_now

SHOWN_AT_MOST: Final = 100


@page(Permission.ACCESS_VIEW)
@require_GET
def help_page(request: PageRequest) -> HttpResponse:
    """Show who of SonderVoice looked, why, when, and how much."""
    now = utc_now()
    rows = [
        {"session": one, "state": session_state(one, now=now)}
        for one in list_sessions(actor=request.actor)[:SHOWN_AT_MOST]
    ]
    context = {
        "live": [row for row in rows if row["state"] != "over"],
        "past": [row for row in rows if row["state"] == "over"],
        "is_off": is_help_off(),
        "may_decide": request.actor.may(Permission.CLINIC_MANAGE),
        "done": request.GET.get("done", ""),
    }
    return draw_settings(
        request, "operators/clinic_help.html", context, here="operator-help"
    )


@page(Permission.CLINIC_MANAGE)
@require_POST
def send_operator_away(request: PageRequest, session_id: UUID) -> HttpResponse:
    """End an operator's session as the clinic."""
    send_away(actor=request.actor, session_id=session_id, now=utc_now())
    return redirect(f"{_here()}?done=ended")


@page(Permission.CLINIC_MANAGE)
@require_POST
def turn_help(request: PageRequest) -> HttpResponse:
    """Turn help off, which ends what is live, or on."""
    is_off = request.POST.get("help") == "off"
    set_help(actor=request.actor, is_off=is_off, now=utc_now())
    return redirect(f"{_here()}?done={'off' if is_off else 'on'}")


@member_page("an operator ends their own session; nobody else has one here")
@require_POST
def leave_clinic(request: PageRequest) -> HttpResponse:
    """End the operator's session.

    Raises:
        OperatorThingNotFoundError: If the person is here as a member.
    """
    session: OperatorSession | None = getattr(request, "operator_session", None)
    if session is None:
        raise OperatorThingNotFoundError
    end_session(
        operator_id=request.user.pk,
        organization_id=session.organization_id,
        session_id=session.pk,
        now=utc_now(),
    )
    leave_visit(request)
    messages.success(request, "Ended. The clinic sees when, and how many requests.")
    return redirect("admin:operators_operatorsession_change", session.pk)


def _here() -> str:
    return reverse("operator-help")
