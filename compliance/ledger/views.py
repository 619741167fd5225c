"""Settings: who looked at what, and who changed what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.views.decorators.http import require_GET

from accounts.access import PageRequest, page
from accounts.permissions import Permission
from accounts.settings_pages import draw_settings
from accounts.way_back import read_id
from compliance.ledger.kinds import KINDS
from compliance.ledger.looks import note_exported, note_viewed
from compliance.ledger.models import AuditLog
from compliance.ledger.record_file import write_rows
from compliance.ledger.selectors import (
    before,
    list_people,
    list_record,
    shape_record,
)
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.streams import for_server

PAGE_SIZE: Final = 50
# Seven years: for so long the record is kept.
ALL_DAYS: Final = 2557
DAYS: Final = (1, 7, 30, 90, 365, ALL_DAYS)


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
        "all_days": ALL_DAYS,
        "people": list_people(),
        "may_find_caller": request.actor.may(Permission.CALLERS_REVEAL),
        "lines": lines,
        "older": lines[-1].id if len(found) > PAGE_SIZE else None,
    }
    return draw_settings(request, "compliance/access.html", context, here="access")


@page(Permission.ACCESS_VIEW)
@require_GET
def access_file(request: PageRequest) -> HttpResponseBase:
    """Send the same rows as a table, however many."""
    rows = _asked_for(request, RecordQuery.read(request))
    pieces = write_rows(rows, organization_id=request.actor.organization_id)
    note_exported(actor=request.actor, count=rows.count())
    return StreamingHttpResponse(
        for_server(request, pieces),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="access.csv"'},
    )


def _asked_for(request: PageRequest, query: RecordQuery) -> QuerySet[AuditLog]:
    return list_record(
        actor=request.actor,
        since=query.since(utc_now()),
        kind=query.kind,
        person=query.person,
    )
