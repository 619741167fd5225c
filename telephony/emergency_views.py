"""Seeing to an emergency whose caller left no message."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import PageRequest, page
from accounts.permissions import Permission
from sondervoice.kernel.clock import utc_now
from telephony.services.attend_emergency import attend_emergency, reopen_emergency


@page(Permission.MESSAGES_HANDLE)
@require_POST
def attend(request: PageRequest, call_id: UUID) -> HttpResponse:
    """Take an emergency from those that wait, then offer to undo it."""
    attend_emergency(actor=request.actor, call_id=call_id, now=utc_now())
    return redirect(f"{reverse('telephony:today')}?attended={call_id}")


@page(Permission.MESSAGES_HANDLE)
@require_POST
def wait_again(request: PageRequest, call_id: UUID) -> HttpResponse:
    """Make an emergency wait for a person again."""
    reopen_emergency(actor=request.actor, call_id=call_id)
    return redirect("telephony:today")
