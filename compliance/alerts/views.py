"""Settings: what in the record wants a person's look."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PageRequest, page
from accounts.permissions import Permission
from accounts.sessions.places import knows_places
from accounts.settings_pages import draw_settings
from compliance.alerts.forms import ThresholdsForm
from compliance.alerts.looks import note_notes_read
from compliance.alerts.selectors import list_alerts
from compliance.alerts.services.change_thresholds import change_thresholds
from compliance.alerts.services.see_alert import NOTE_AT_MOST, see_alert
from compliance.alerts.thresholds import read_thresholds
from sondervoice.kernel.clock import utc_now


@page(Permission.ACCESS_VIEW)
@require_GET
def alert_list(request: PageRequest) -> HttpResponse:
    """Show what is open, then what was looked at."""
    return _draw(request, ThresholdsForm(now=read_thresholds()))


@page(Permission.ACCESS_VIEW)
@require_POST
def alert_see(request: PageRequest, alert_id: UUID) -> HttpResponse:
    """Note that the person has looked at it."""
    note = request.POST.get("note", "")
    see_alert(actor=request.actor, alert_id=alert_id, note=note, now=utc_now())
    return redirect(f"{reverse('alerts')}?seen=1")


@page(Permission.SECURITY_MANAGE)
@require_POST
def thresholds_change(request: PageRequest) -> HttpResponse:
    """Set the thresholds, or show what is wrong with them."""
    form = ThresholdsForm(request.POST, now=read_thresholds())
    if not form.is_valid():
        return _draw(request, form, status=422)
    change_thresholds(actor=request.actor, thresholds=form.thresholds())
    return redirect(f"{reverse('alerts')}?saved=1")


def _draw(
    request: PageRequest, form: ThresholdsForm, *, status: int = 200
) -> HttpResponse:
    cards = list_alerts(actor=request.actor, now=utc_now())
    note_notes_read(actor=request.actor, count=sum(bool(one.note) for one in cards))
    context = {
        "open": [one for one in cards if one.seen_at is None],
        "seen": [one for one in cards if one.seen_at is not None],
        "form": form,
        "may_change": request.actor.may(Permission.SECURITY_MANAGE),
        "knows_places": knows_places(),
        "note_at_most": NOTE_AT_MOST,
        "is_saved": "saved" in request.GET,
        "is_seen": "seen" in request.GET,
    }
    return draw_settings(
        request, "compliance/alerts.html", context, here="alerts", status=status
    )
