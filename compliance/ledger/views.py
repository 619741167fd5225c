"""Settings: who looked at what, and who changed what."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import PageRequest, page
from accounts.permissions import Permission
from accounts.settings_pages import draw_settings
from accounts.way_back import read_id
from compliance.ledger.kinds import KINDS
from compliance.ledger.looks import note_exported, note_viewed
from compliance.ledger.models import AuditLog
from compliance.ledger.selectors import (
    RecordLine,
    before,
    list_people,
    list_record,
    shape_record,
)
from sondervoice.kernel.clock import utc_now

PAGE_SIZE: Final = 50
EXPORTED_AT_MOST: Final = 10_000
DAYS: Final = (1, 7, 30, 90, 365)
# A cell that begins with one of these would be a formula to a spreadsheet.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """What the address asks for; whatever it does not know is passed over."""

    kind: str
    days: int
    person: UUID | None

    @classmethod
    def read(cls, request: HttpRequest) -> "RecordQuery":
        """Return the query of the address."""
        kind = request.GET.get("kind", "")
        days = request.GET.get("days", "")
        return cls(
            kind=kind if kind in KINDS else "all",
            days=int(days) if days in {str(one) for one in DAYS} else 7,
            person=read_id(request.GET.get("person", "")),
        )

    def since(self, now: datetime) -> datetime:
        """Return the first instant that is asked for."""
        return now - timedelta(days=self.days)

    @property
    def words(self) -> str:
        """Return the query as an address has it."""
        asked = {"kind": self.kind, "days": self.days, "person": self.person or ""}
        return urlencode(asked)


@page(Permission.ACCESS_VIEW)
@require_GET
def access(request: PageRequest) -> HttpResponse:
    """Show the clinic's record, newest first."""
    query = RecordQuery.read(request)
    rows = before(_asked_for(request, query), read_id(request.GET.get("before", "")))
    found = shape_record(rows[: PAGE_SIZE + 1])
    lines = found[:PAGE_SIZE]
    note_viewed(actor=request.actor, count=len(lines))
    context = {
        "query": query,
        "kinds": [(name, title) for name, (title, _) in KINDS.items()],
        "days": DAYS,
        "people": list_people(),
        "may_find_caller": request.actor.may(Permission.CALLERS_REVEAL),
        "lines": lines,
        "older": lines[-1].id if len(found) > PAGE_SIZE else None,
    }
    return draw_settings(request, "compliance/access.html", context, here="access")


@page(Permission.ACCESS_VIEW)
@require_GET
def access_file(request: PageRequest) -> HttpResponse:
    """Send the same rows as a table, times in UTC."""
    rows = _asked_for(request, RecordQuery.read(request))[:EXPORTED_AT_MOST]
    lines = shape_record(rows)
    note_exported(actor=request.actor, count=len(lines))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="access.csv"'
    table = csv.writer(response)
    table.writerow(["at", "who", "action", "subject", "subject_id", "fields"])
    table.writerows(_cells(line) for line in lines)
    return response


def _asked_for(request: PageRequest, query: RecordQuery) -> QuerySet[AuditLog]:
    return list_record(
        actor=request.actor,
        since=query.since(utc_now()),
        kind=query.kind,
        person=query.person,
    )


def _cells(line: RecordLine) -> Iterable[str]:
    cells = (
        line.at.isoformat(),
        line.who,
        line.action,
        line.subject,
        str(line.subject_id or ""),
        line.fields,
    )
    return [f"'{one}" if one.startswith(_FORMULA) else one for one in cells]
