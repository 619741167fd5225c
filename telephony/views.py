"""The pages Today and Calls."""

from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.timezone import localdate, localtime, override
from django.views.decorators.http import require_GET

from accounts.access import PageRequest, page
from accounts.dashboard import draw, zone_of
from accounts.permissions import Permission
from accounts.way_back import read_id
from sondervoice.kernel.clock import utc_now
from telephony.bin.kinds import Kind
from telephony.bin.selectors.binned import just_deleted
from telephony.call_query import LANGUAGE, RECEPTIONIST, CallQuery, Menu
from telephony.call_rows import CallRow, shape_rows, with_marks
from telephony.looks import note_call_list, note_sought, note_today
from telephony.models import Call, Reveal
from telephony.selectors.call_filter import FILTERS, narrow
from telephony.selectors.call_search import search_calls
from telephony.selectors.calls import is_attended, list_calls
from telephony.selectors.keyset import page_of
from telephony.selectors.languages import list_languages
from telephony.selectors.limits import within_limits
from telephony.selectors.receptionists import list_receptionists
from telephony.selectors.sight import read_sight
from telephony.today import read_today

Days = list[tuple[object, list[CallRow]]]


@page(Permission.CALLS_VIEW)
@require_GET
def today(request: PageRequest) -> HttpResponse:
    """Show what waits for a person first, then the day."""
    now, zone, actor = utc_now(), zone_of(request), request.actor
    with override(zone):
        day = read_today(
            actor=actor, now=now, zone=zone, sight=read_sight(actor=actor, now=now)
        )
    note_today(
        actor=actor,
        waiting=day.waiting - day.more_messages,
        calls=len(day.calls),
        appointments=len(day.appointments),
    )
    context = {
        "day": day,
        "now": now,
        "may_handle": actor.may(Permission.MESSAGES_HANDLE),
        "reasons": Reveal.Reason.choices,
        "done": read_id(request.GET.get("done", "")),
        "attended": _just_attended(request),
    }
    return draw(request, "telephony/today.html", context, here="today")


def _just_attended(request: PageRequest) -> UUID | None:
    """Return the emergency that the address names, if the reader could undo it."""
    call_id = read_id(request.GET.get("attended", ""))
    if call_id is None or not request.actor.may(Permission.MESSAGES_HANDLE):
        return None
    return call_id if is_attended(actor=request.actor, call_id=call_id) else None


@page(Permission.CALLS_VIEW)
@require_GET
def call_list(request: PageRequest) -> HttpResponse:
    """Show the calls that the address asks for, newest first."""
    now, actor = utc_now(), request.actor
    with override(zone_of(request)):
        query = CallQuery.read(request.GET, now=now, zone=zone_of(request))
        calls, note = _asked_for(request, query)
        shown = page_of(
            with_marks(calls),
            older_than=query.place("older_than"),
            newer_than=query.place("newer_than"),
            within=within_limits(actor),
        )
        rows = shape_rows(
            actor=actor,
            calls=shown.calls,
            now=now,
            sight=read_sight(actor=actor, now=now),
        )
        days = _by_day(rows)
        this_day = localdate(now)
    note_call_list(actor=actor, rows=rows, is_narrowed=query.is_narrowed)
    context = {
        "query": query,
        "days": days,
        "this_day": this_day,
        "count": calls.count(),
        "shown": shown,
        "note": note,
        **_choices(request, query),
        "links": query.beside(newest=rows[0].id, oldest=rows[-1].id) if rows else {},
        "deleted": just_deleted(
            actor=actor,
            kind=Kind.CALL,
            row_id=read_id(request.GET.get("deleted", "")),
            now=now,
        ),
    }
    return draw(request, "telephony/call_list.html", context, here="calls")


def _asked_for(request: PageRequest, query: CallQuery) -> tuple[QuerySet[Call], str]:
    """Return the calls and, where not all was looked at, a sentence that says so."""
    period = query.period
    calls = narrow(
        list_calls(actor=request.actor, since=period.since, until=period.until),
        chosen={name: query.chosen(name) for name in FILTERS},
        languages=query.chosen(LANGUAGE),
        receptionists=query.chosen(RECEPTIONIST),
    )
    if not query.words:
        return calls, ""
    found = search_calls(
        actor=request.actor,
        calls=calls,
        words=query.words,
        country=request.organization.country,
    )
    if found.is_by_number:
        newest = found.calls.values_list("pk", flat=True).first()
        note_sought(actor=request.actor, call_id=newest)
    return found.calls, found.note


def _choices(request: PageRequest, query: CallQuery) -> dict[str, object]:
    """Return the filters; those with one choice alone would narrow nothing."""
    receptionists = list_receptionists(actor=request.actor)
    fixed = [
        query.menu(name, [(word, title) for word, (title, _) in choices.items()])
        for name, choices in FILTERS.items()
    ]
    found: list[Menu] = [
        query.menu(name, choices)
        for name, choices in (
            (LANGUAGE, list_languages(actor=request.actor)),
            (RECEPTIONIST, receptionists),
        )
        if len(choices) > 1 or query.chosen(name)
    ]
    return {"menus": fixed + found, "has_receptionists": len(receptionists) > 1}


def _by_day(rows: list[CallRow]) -> Days:
    """Return the rows by day in the open time zone."""
    by_day = groupby(rows, key=lambda row: localtime(row.started_at).date())
    return [(day, list(of_day)) for day, of_day in by_day]
