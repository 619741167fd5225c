"""The page Diary: one day's appointments."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import PageRequest, page
from accounts.dashboard import draw, zone_of
from accounts.permissions import Permission
from accounts.way_back import read_id
from sondervoice.kernel.clock import utc_now
from telephony.bin.kinds import Kind
from telephony.bin.selectors.binned import just_deleted
from telephony.looks import note_diary
from telephony.periods import one_day, read_day
from telephony.scheduling.selectors.appointment_rows import shape_appointments
from telephony.scheduling.selectors.appointments import list_appointments
from telephony.selectors.sight import read_sight


@page(Permission.APPOINTMENTS_VIEW)
@require_GET
def day(request: PageRequest) -> HttpResponse:
    """Show the appointments of one day, today's unless `on` names another."""
    zone = zone_of(request)
    now = utc_now()
    today = now.astimezone(zone).date()
    on = _within_reach(read_day(request.GET.get("on", "")), today)
    period = one_day(on, zone, "")
    found = list_appointments(
        actor=request.actor, since=period.since, until=period.until
    )
    rows = shape_appointments(
        actor=request.actor,
        appointments=found,
        sight=read_sight(actor=request.actor, now=now),
    )
    note_diary(actor=request.actor, count=len(rows), on=on, today=today)
    context = {
        "on": on,
        "is_today": on == today,
        "day_before": on - timedelta(days=1),
        "day_after": on + timedelta(days=1),
        "rows": rows,
        "booked": sum(not row.is_cancelled for row in rows),
        "now": now,
        "may_delete": request.actor.may(Permission.CALLS_DELETE),
        "deleted": just_deleted(
            actor=request.actor,
            kind=Kind.APPOINTMENT,
            row_id=read_id(request.GET.get("deleted", "")),
            now=now,
        ),
    }
    return draw(request, "scheduling/day.html", context, here="diary")


def _within_reach(on: date | None, today: date) -> date:
    """Return the day asked for, or today: far years have no day before or after."""
    return on if on is not None and 1900 < on.year < 3000 else today
