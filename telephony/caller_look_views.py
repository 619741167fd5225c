"""Settings: who has seen the calls of one caller."""

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PageRequest, page
from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.settings_pages import draw_settings
from accounts.way_back import read_id
from sondervoice.kernel.clock import utc_now
from telephony.looks import note_caller_looks, note_sought
from telephony.models import Call
from telephony.selectors.caller_looks import (
    find_call_of,
    get_looked_at,
    read_caller_looks,
)
from telephony.selectors.callers import Caller, find_sealer, read_caller
from telephony.selectors.sight import read_sight

_PAGE: Final = "telephony/caller_looks.html"
_LONGEST: Final = 40


@page(Permission.ACCESS_VIEW)
@require_GET
def caller_looks(request: PageRequest, call_id: UUID) -> HttpResponse:
    """Show every look at the calls of whoever made this one."""
    call = get_looked_at(actor=request.actor, call_id=call_id)
    older_than = read_id(request.GET.get("before", ""))
    looks = read_caller_looks(actor=request.actor, call=call, older_than=older_than)
    note_caller_looks(actor=request.actor, call_id=call.id, count=len(looks.lines))
    caller = _caller(request.actor, looks.named_by)
    return _draw(request, {"looks": looks, "caller": caller})


@page(Permission.ACCESS_VIEW)
@require_POST
def caller_find(request: PageRequest) -> HttpResponse:
    """Go to the looks at a number's calls; no address ever holds the number.

    Raises:
        PermissionMissingError: If the role may not see callers.
    """
    call = find_call_of(
        actor=request.actor,
        number=request.POST.get("number", "")[:_LONGEST],
        country=request.organization.country,
    )
    note_sought(actor=request.actor, call_id=None if call is None else call.id)
    if call is None:
        return _draw(request, {"is_unknown": True})
    return redirect("caller-looks", call.id)


def _caller(actor: Actor, call: Call | None) -> Caller | None:
    """Return who called, as far as may be known; None of calls in the bin alone."""
    if call is None:
        return None
    sight = read_sight(actor=actor, now=utc_now())
    return read_caller(actor=actor, call=call, sealer=find_sealer(call), sight=sight)


def _draw(request: PageRequest, context: dict[str, object]) -> HttpResponse:
    may_find = {"may_find": request.actor.may(Permission.CALLERS_REVEAL)}
    return draw_settings(request, _PAGE, context | may_find, here="access")
