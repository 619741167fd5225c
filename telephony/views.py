"""The pages Today and Calls."""

from itertools import groupby
from typing import Final
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils.timezone import localtime, override
from django.views.decorators.http import require_GET

from accounts.access import PageRequest, page
from accounts.permissions import Permission
from sondervoice.kernel.clock import utc_now
from telephony.call_rows import CallRow, shape_rows, with_marks
from telephony.pages import draw, zone_of
from telephony.periods import Period, between, named_period, read_day
from telephony.selectors.call_filter import FILTERS, narrow
from telephony.selectors.call_search import search_calls
from telephony.selectors.calls import list_calls
from telephony.selectors.keyset import page_of
from telephony.selectors.languages import list_languages
from telephony.today import read_today

PERIODS: Final = (
    ("today", "Today"),
    ("yesterday", "Yesterday"),
    ("week", "This week"),
    ("month", "This month"),
    ("all", "All"),
)


@page(Permission.CALLS_VIEW)
@require_GET
def today(request: PageRequest) -> HttpResponse:
    """Show what waits for a person first, then the day."""
    now, zone = utc_now(), zone_of(request)
    with override(zone):
        day = read_today(actor=request.actor, now=now, zone=zone)
    context = {
        "day": day,
        "now": now,
        "may_handle": request.actor.may(Permission.MESSAGES_HANDLE),
        "done": _id(request.GET.get("done", "")),
    }
    return draw(request, "telephony/today.html", context, here="today")


@page(Permission.CALLS_VIEW)
@require_GET
def call_list(request: PageRequest) -> HttpResponse:
    """Show the calls that the address asks for, newest first."""
    now, asked = utc_now(), request.GET
    when, period = _period(request)
    calls = narrow(
        list_calls(actor=request.actor, since=period.since, until=period.until),
        chosen={name: asked.getlist(name) for name in FILTERS},
        languages=asked.getlist("language"),
    )
    words, note = asked.get("q", "").strip()[:100], ""
    if words:
        found = search_calls(
            actor=request.actor,
            calls=calls,
            words=words,
            country=request.organization.country,
        )
        calls, note = found.calls, found.note
    count = calls.count()
    shown = page_of(
        with_marks(calls),
        older_than=_id(asked.get("older_than", "")),
        newer_than=_id(asked.get("newer_than", "")),
    )
    with override(zone_of(request)):
        rows = shape_rows(actor=request.actor, calls=shown.calls, now=now)
        days = _days(rows)
    context = {
        "now": now,
        "days": days,
        "count": count,
        "shown": shown,
        "note": note,
        "words": words,
        "period": period,
        "when": when,
        "chips": _chips(asked, when),
        "menus": _menus(request),
        "is_narrowed": bool(words) or any(asked.getlist(n) for n in _NARROWING),
        "links": _links(asked, rows),
    }
    return draw(request, "telephony/call_list.html", context, here="calls")


_NARROWING: Final = (*FILTERS, "language")


def _period(request: PageRequest) -> tuple[str, Period]:
    asked, zone = request.GET, zone_of(request)
    when = asked.get("when", "week")
    if when == "dates":
        first, last = read_day(asked.get("from", "")), read_day(asked.get("to", ""))
        return "dates", between(first, last, zone=zone)
    period = named_period(when, now=utc_now(), zone=zone)
    if period is not None:
        return when, period
    week = named_period("week", now=utc_now(), zone=zone)
    return "week", week or between(None, None, zone=zone)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _days(rows: list[CallRow]) -> list[tuple[object, list[CallRow]]]:
    """Return the rows by day in the open time zone."""
    by_day = groupby(rows, key=lambda row: localtime(row.started_at).date())
    return [(day, list(of_day)) for day, of_day in by_day]


def _chips(asked: QueryDict, when: str) -> list[tuple[str, str, bool]]:
    """Return address, word and whether it is chosen, for each named period."""
    return [(_address(asked, when=name), word, name == when) for name, word in PERIODS]


def _menus(request: PageRequest) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """Return name, title and choices (word, title, is chosen) of each filter."""
    asked = request.GET
    menus = [
        (
            name,
            name.capitalize(),
            [
                (word, title, word in asked.getlist(name))
                for word, (title, _) in choices.items()
            ],
        )
        for name, choices in FILTERS.items()
    ]
    spoken = list_languages(actor=request.actor)
    chosen = asked.getlist("language")
    languages = [(tag, title, tag in chosen) for tag, title in spoken]
    return [*menus, ("language", "Language", languages)]


def _links(asked: QueryDict, rows: list[CallRow]) -> dict[str, str]:
    if not rows:
        return {}
    return {
        "newer": _address(asked, newer_than=str(rows[0].id)),
        "older": _address(asked, older_than=str(rows[-1].id)),
    }


def _address(asked: QueryDict, **changes: str) -> str:
    """Return this page's query with changes, from the first page on."""
    query = asked.copy()
    for name in ("older_than", "newer_than"):
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"
