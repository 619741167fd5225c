"""Closings as operators see them: how far each is; nobody here moves a date."""

from django.contrib import admin

from accounts.operators.pages.base import OperatorPage
from accounts.operators.site import operator_site
from accounts.operators.tokens import Purpose
from compliance.closing.models import Closing


@admin.register(Closing, site=operator_site)
class ClosingPage(OperatorPage):
    """All closings, the newest first; only a clinic's owner begins or undoes one."""

    purpose = Purpose.CLOSINGS
    list_display = (
        "organization_id",
        "step",
        "is_held",
        "asked_at",
        "grace_ends_at",
        "personal_gone_by",
        "closed_at",
    )
    list_filter = ("step", "is_held")
    ordering = ("-asked_at", "id")
    fields = (
        "id",
        "organization_id",
        "step",
        "is_held",
        "asked_at",
        "calls_stop_at",
        "grace_ends_at",
        "undone_at",
        "erasing_at",
        "erased_at",
        "keys_destroyed_at",
        "people_let_go_at",
        "personal_gone_by",
        "closed_at",
        "personal_backups_by",
        "billing_kept_until",
        "billing_gone_by",
        "billing_purged_at",
        "billing_backups_by",
        "record_until",
    )
