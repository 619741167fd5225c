"""Showing who called, for a reason."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import PageRequest, page
from accounts.permissions import Permission
from accounts.way_back import form_back
from sondervoice.kernel.clock import utc_now
from telephony.selectors.calls import get_call
from telephony.services.reveal_caller import reveal_caller


@page(Permission.CALLERS_REVEAL)
@require_http_methods(["GET", "POST"])
def reveal(request: PageRequest, call_id: UUID) -> HttpResponse:
    """Show the caller of one call to this person for a while, then go back.

    Who was sent to show a second factor comes back by GET, and asks again at the call.
    """
    if request.method == "GET":
        call = get_call(actor=request.actor, call_id=call_id)
        return redirect("recordings:call-detail", call.id)
    reveal_caller(
        actor=request.actor,
        call_id=call_id,
        reason=request.POST.get("reason", ""),
        note=request.POST.get("note", ""),
        now=utc_now(),
    )
    return redirect(
        form_back(request, reverse("recordings:call-detail", args=[call_id]))
    )
