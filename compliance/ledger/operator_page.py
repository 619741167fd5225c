"""The record as operators see it: ids, over all clinics."""

from django.contrib import admin

from accounts.operators.pages.base import OperatorPage
from accounts.operators.site import operator_site
from accounts.operators.tokens import Purpose
from compliance.ledger.models import AuditLog


@admin.register(AuditLog, site=operator_site)
class RecordPage(OperatorPage):
    """Rows of the record, newest first; nobody changes one."""

    purpose = Purpose.RECORD
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
