"""The page Messages: what callers left, and marking it as handled."""

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PageRequest, page
from accounts.dashboard import draw
from accounts.permissions import Permission
from accounts.way_back import form_back, read_id
from sondervoice.kernel.clock import utc_now
from telephony.bin.kinds import Kind
from telephony.bin.selectors.binned import just_deleted
from telephony.looks import note_messages
from telephony.messages.models import Message
from telephony.messages.selectors.message_rows import shape_messages
from telephony.messages.selectors.messages import list_messages
from telephony.messages.services.handle_message import handle_message, reopen_message
from telephony.models import Reveal
from telephony.selectors.sight import read_sight

SHOWN_AT_MOST: Final = 200


@page(Permission.MESSAGES_VIEW)
@require_GET
def message_list(request: PageRequest) -> HttpResponse:
    """Show new messages, urgent first, or those that are handled, newest first."""
    now = utc_now()
    is_handled = request.GET.get("show") == "handled"
    status = Message.Status.HANDLED if is_handled else Message.Status.NEW
    found = list_messages(actor=request.actor, status=status)
    if is_handled:
        found = found.order_by("-handled_at", "-id")
    rows = shape_messages(
        actor=request.actor,
        messages=found[:SHOWN_AT_MOST],
        sight=read_sight(actor=request.actor, now=now),
    )
    note_messages(actor=request.actor, count=len(rows), is_handled=is_handled)
    context = {
        "rows": rows,
        "now": now,
        "reasons": Reveal.Reason.choices,
        "is_handled": is_handled,
        "may_handle": request.actor.may(Permission.MESSAGES_HANDLE),
        "is_cut": len(rows) == SHOWN_AT_MOST,
        "done": read_id(request.GET.get("done", "")),
        "may_delete": request.actor.may(Permission.CALLS_DELETE),
        "deleted": just_deleted(
            actor=request.actor,
            kind=Kind.MESSAGE,
            row_id=read_id(request.GET.get("deleted", "")),
            now=now,
        ),
    }
    return draw(request, "phone_messages/message_list.html", context, here="messages")


@page(Permission.MESSAGES_HANDLE)
@require_POST
def handle(request: PageRequest, message_id: UUID) -> HttpResponse:
    """Mark a message as handled, then offer to undo it."""
    handle_message(actor=request.actor, message_id=message_id, now=utc_now())
    back = form_back(request, reverse("phone_messages:message-list"))
    return redirect(f"{back}?done={message_id}")


@page(Permission.MESSAGES_HANDLE)
@require_POST
def reopen(request: PageRequest, message_id: UUID) -> HttpResponse:
    """Make a message wait for a person again."""
    reopen_message(actor=request.actor, message_id=message_id)
    return redirect(form_back(request, reverse("phone_messages:message-list")))
