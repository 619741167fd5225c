"""Clinics: what an operator sees of them without a session."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.entitlements import Plan
from accounts.models import Organization
from accounts.operators.forms import AskSessionForm, PlanForm
from accounts.operators.pages.base import OperatorPage
from accounts.operators.site import operator_site
from accounts.operators.tokens import Purpose


@admin.register(Organization, site=operator_site)
class OrganizationPage(OperatorPage):
    """Names and settings; nobody's calls."""

    purpose = Purpose.ORGANIZATIONS
    acts_template = "operators/organization_acts.html"
    list_display = ("name", "plan", "country", "region", "hipaa_mode", "created_at")
    list_filter = ("plan", "region", "hipaa_mode")
    search_fields = ("name", "slug")
    ordering = ("name", "id")
    fields = (
        "id",
        "name",
        "slug",
        "plan",
        "country",
        "jurisdiction",
        "region",
        "timezone",
        "hipaa_mode",
        "created_at",
    )

    def acts(self, request: HttpRequest, row: Organization) -> dict[str, Any]:
        """Return the two forms: ask for a session, set the plan."""
        return {
            "organization_id": row.pk,
            "ask_form": AskSessionForm(),
            "plan_form": PlanForm(initial={"plan": Plan(row.plan)}),
        }
