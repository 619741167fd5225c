"""The record as operators see it: ids, over all clinics."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from accounts.operators.pages.base import OperatorPage
from accounts.operators.reading import rows_of
from accounts.operators.site import operator_site
from accounts.operators.tokens import Purpose
from compliance.ledger.models import AuditLog, Verification
from compliance.ledger.verified import OLDEST
from sondervoice.kernel.clock import utc_now

_SHOWN: Final = 7


@dataclass(frozen=True, slots=True)
class Looks:
    """The newest looks at the whole record, and whether the next is late."""

    newest: list[Verification]
    is_late: bool


def list_looks() -> Looks:
    """Return them; the door to all clinics' rows is open."""
    newest = list(rows_of(Verification).order_by("-due_at")[:_SHOWN])
    is_late = bool(newest) and utc_now() - newest[0].began_at > OLDEST
    return Looks(newest, is_late)


@admin.register(AuditLog, site=operator_site)
class RecordPage(OperatorPage):
    """Rows of the record, newest first; nobody changes one."""

    purpose = Purpose.RECORD
    list_before_template = "operators/verifications.html"
    list_display = ("at", "action", "actor_kind", "actor_id", "organization_id")
    list_filter = ("actor_kind",)
    search_fields = ("action",)
    ordering = ("-at", "id")
    show_full_result_count = False
    fields = (
        "id",
        "at",
        "organization_id",
        "actor_kind",
        "actor_id",
        "action",
        "subject_kind",
        "subject_id",
        "fields",
        "facts",
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the looks at all of it, read when the page is drawn, then the rows."""
        given = {**(extra_context or {}), "list_looks": list_looks}
        return super().changelist_view(request, given)
