"""Clinics: what an operator sees of them without a session."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.entitlements import Plan
from accounts.models import Membership, Organization
from accounts.operators.forms import AskSessionForm, OwnerForm, PlanForm
from accounts.operators.pages.base import OperatorPage
from accounts.operators.reading import rows_of
from accounts.operators.selectors.ownership import why_no_owner_is_given
from accounts.operators.site import operator_site
from accounts.operators.tokens import Purpose
from sondervoice.kernel import tenancy


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
        """Return the forms: ask for a session, set the plan, name an owner.

        The last stands only where there is none to be had otherwise.
        """
        people = rows_of(Membership).filter(organization_id=row.pk)
        with tenancy.scope(row.pk):
            has_lost_owner = why_no_owner_is_given(people) is None
        return {
            "organization_id": row.pk,
            "ask_form": AskSessionForm(),
            "plan_form": PlanForm(initial={"plan": Plan(row.plan)}, auto_id="plan_%s"),
            "owner_form": OwnerForm(auto_id="owner_%s") if has_lost_owner else None,
        }
