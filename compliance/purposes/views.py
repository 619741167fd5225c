"""Settings: what is held and why, to read and to take along."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from accounts.access import PageRequest, page
from accounts.permissions import Permission
from accounts.settings_pages import draw_settings
from compliance.purposes.contact import find_contact
from compliance.purposes.files import as_csv, as_json
from compliance.purposes.register import UNREAD_FOR, read_register
from sondervoice.kernel.clock import utc_now


@page(Permission.RETENTION_VIEW)
@require_GET
def purposes(request: PageRequest) -> HttpResponse:
    """Show the register of processing in plain words."""
    now = utc_now()
    context = {
        "register": read_register(actor=request.actor, now=now),
        "days": UNREAD_FOR.days,
        "contact": find_contact(today=now.date()),
    }
    return draw_settings(
        request, "compliance/purposes/purposes.html", context, here="purposes"
    )


@page(Permission.RETENTION_VIEW)
@require_GET
def purposes_json(request: PageRequest) -> HttpResponse:
    """Send the register for programs."""
    register = read_register(actor=request.actor, now=utc_now())
    return JsonResponse(
        as_json(register),
        headers=_named("what-we-hold.json"),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )


@page(Permission.RETENTION_VIEW)
@require_GET
def purposes_csv(request: PageRequest) -> HttpResponse:
    """Send the register as a table."""
    register = read_register(actor=request.actor, now=utc_now())
    return HttpResponse(
        as_csv(register),
        content_type="text/csv; charset=utf-8",
        headers=_named("what-we-hold.csv"),
    )


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
