"""Deleting a call, a message or an appointment, and the page Bin."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import PageRequest, page
from accounts.dashboard import draw, zone_of
from accounts.permissions import Permission
from accounts.settings_pages import draw_settings
from accounts.way_back import form_back
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.soft_delete import RESTORABLE_FOR
from telephony.bin.errors import RowNotFoundError
from telephony.bin.forms import WORD, EraseForm
from telephony.bin.kinds import Kind
from telephony.bin.selectors.bin_page import read_bin, read_binned
from telephony.bin.selectors.binned import get_visible
from telephony.bin.services.delete_row import delete_row
from telephony.bin.services.erase_row import erase_row
from telephony.bin.services.restore_row import restore_row
from telephony.looks import note_bin
from telephony.selectors.sight import read_sight


@page(Permission.CALLS_DELETE)
@require_http_methods(["GET", "POST"])
def call_delete(request: PageRequest, call_id: UUID) -> HttpResponse:
    """Ask whether to delete a call; put it into the bin when the form is sent."""
    return _delete(request, Kind.CALL, call_id)


@page(Permission.CALLS_DELETE)
@require_http_methods(["GET", "POST"])
def message_delete(request: PageRequest, message_id: UUID) -> HttpResponse:
    """Ask whether to delete a message; put it into the bin when the form is sent."""
    return _delete(request, Kind.MESSAGE, message_id)


@page(Permission.CALLS_DELETE)
@require_http_methods(["GET", "POST"])
def appointment_delete(request: PageRequest, appointment_id: UUID) -> HttpResponse:
    """Ask whether to delete a past appointment; do so when the form is sent."""
    return _delete(request, Kind.APPOINTMENT, appointment_id)


@page(Permission.CALLS_DELETE)
@require_GET
def bin_page(request: PageRequest) -> HttpResponse:
    """Show what was deleted, by whom, and until when it can come back."""
    now, actor = utc_now(), request.actor
    with override(zone_of(request)):
        rows = read_bin(actor=actor, now=now, sight=read_sight(actor=actor, now=now))
    note_bin(actor=actor, count=len(rows))
    return draw_settings(request, "bin/bin.html", {"rows": rows}, here="bin")


@page(Permission.CALLS_DELETE)
@require_POST
def restore(request: PageRequest, kind: str, binned_id: UUID) -> HttpResponse:
    """Bring something back, then go back."""
    restore_row(actor=request.actor, kind=_kind(kind), row_id=binned_id, now=utc_now())
    messages.success(request, "Brought back.")
    return redirect(form_back(request, reverse("bin")))


@page(Permission.CALLS_DELETE)
@require_http_methods(["GET", "POST"])
def erase(request: PageRequest, kind: str, binned_id: UUID) -> HttpResponse:
    """Ask for a typed word; erase for good when it is sent."""
    now, wanted = utc_now(), _kind(kind)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        erase_row(actor=request.actor, kind=wanted, row_id=binned_id, now=now)
        messages.success(request, "It is being erased. That takes about a minute.")
        return redirect("bin")
    actor = request.actor
    with override(zone_of(request)):
        row = read_binned(
            actor=actor,
            kind=wanted,
            row_id=binned_id,
            now=now,
            sight=read_sight(actor=actor, now=now),
        )
    context = {"form": form, "row": row, "word": WORD}
    status = 422 if request.method == "POST" else 200
    return draw_settings(request, "bin/erase.html", context, here="bin", status=status)


def _delete(request: PageRequest, kind: Kind, row_id: UUID) -> HttpResponse:
    now, actor = utc_now(), request.actor
    if request.method == "POST":
        row = delete_row(actor=actor, kind=kind, row_id=row_id, now=now)
        return redirect(f"{_way_on(request, kind, row)}deleted={row_id}")
    row = cast("Any", get_visible(actor=actor, kind=kind, row_id=row_id))
    context = {
        "kind": kind.value,
        "row": row,
        "until": now + RESTORABLE_FOR,
        "is_hipaa": request.organization.hipaa_mode,
    }
    return draw(request, "bin/delete.html", context, here=_PLACES[kind])


_PLACES = {
    Kind.CALL: "calls",
    Kind.MESSAGE: "messages",
    Kind.APPOINTMENT: "diary",
}


def _way_on(request: PageRequest, kind: Kind, row: Any) -> str:
    """Return the list it was in, up to what the address asks last."""
    match kind:
        case Kind.CALL:
            return f"{reverse('telephony:call-list')}?"
        case Kind.MESSAGE:
            return f"{reverse('phone_messages:message-list')}?"
        case Kind.APPOINTMENT:
            on = row.slot.starts_at.astimezone(zone_of(request)).date()
            return f"{reverse('scheduling:day')}?on={on}&"


def _kind(word: str) -> Kind:
    """Return the kind that an address names in the plural."""
    try:
        return Kind(word.removesuffix("s"))
    except ValueError:
        raise RowNotFoundError from None
