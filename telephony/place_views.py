"""Settings: the clinic's places, and which number rings where."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PageRequest, page
from accounts.permissions import Permission
from accounts.settings_pages import draw_settings
from accounts.way_back import read_id
from sondervoice.kernel.clock import utc_now
from telephony.errors import PlaceNameRefusedError
from telephony.selectors.callers import spaced
from telephony.selectors.places import list_numbers, list_places
from telephony.services.place_numbers import add_place, move_number, rename_place


@page(Permission.CLINIC_MANAGE)
@require_GET
def places(request: PageRequest) -> HttpResponse:
    """Show places and numbers."""
    return _draw(request)


@page(Permission.CLINIC_MANAGE)
@require_POST
def place_add(request: PageRequest) -> HttpResponse:
    """Add a place, or say what is wrong with its name."""
    try:
        name = request.POST.get("name", "")
        add_place(actor=request.actor, name=name, now=utc_now())
    except PlaceNameRefusedError as error:
        return _draw(request, error=str(error))
    return redirect("places")


@page(Permission.CLINIC_MANAGE)
@require_POST
def place_rename(request: PageRequest, location_id: UUID) -> HttpResponse:
    """Rename a place, or say what is wrong with the name."""
    try:
        name = request.POST.get("name", "")
        rename_place(actor=request.actor, location_id=location_id, name=name)
    except PlaceNameRefusedError as error:
        return _draw(request, error=str(error), wrong=location_id)
    return redirect("places")


@page(Permission.CLINIC_MANAGE)
@require_POST
def number_move(request: PageRequest, number_id: UUID) -> HttpResponse:
    """Say at which place a number rings."""
    location_id = read_id(request.POST.get("place", ""))
    move_number(actor=request.actor, number_id=number_id, location_id=location_id)
    return redirect("places")


def _draw(
    request: PageRequest, *, error: str = "", wrong: UUID | None = None
) -> HttpResponse:
    numbers = list_numbers(actor=request.actor)
    context = {
        "places": list_places(actor=request.actor),
        "numbers": [(number, spaced(number.e164)) for number in numbers],
        "error": error,
        "wrong": wrong,
        "said": request.POST.get("name", ""),
    }
    return draw_settings(
        request,
        "telephony/places.html",
        context,
        here="places",
        status=422 if error else 200,
    )
