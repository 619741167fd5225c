"""Agencies: who administers them, and how many clinics they look after."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Agency, AgencyMembership, Organization
from accounts.operators.forms import AdministratorForm, ReasonForm
from accounts.operators.pages.base import OperatorPage, mask_email
from accounts.operators.reading import rows_of
from accounts.operators.site import operator_site
from accounts.operators.tokens import Purpose


@admin.register(Agency, site=operator_site)
class AgencyPage(OperatorPage):
    """One firm; a new one is asked for on the overview."""

    purpose = Purpose.AGENCIES
    acts_template = "operators/agency_acts.html"
    list_display = ("name", "id")
    search_fields = ("name",)
    ordering = ("name", "id")
    fields = ("id", "name")

    def acts(self, request: HttpRequest, row: Agency) -> dict[str, Any]:
        """Return the administrators, addresses masked, and the forms."""
        found = (
            rows_of(AgencyMembership)
            .filter(agency_id=row.pk)
            .select_related("user")
            .defer("user__password")
            .order_by("created_at", "pk")
        )
        people = [
            {
                "id": one.user_id,
                "name": one.user.full_name,
                "address": mask_email(one.user.email),
                "since": one.created_at,
                "form": ReasonForm(auto_id=f"leave_{number}_%s"),
            }
            for number, one in enumerate(found)
        ]
        return {
            "agency_id": row.pk,
            "administrators": people,
            "clinics": rows_of(Organization).filter(agency_id=row.pk).count(),
            "join_form": AdministratorForm(),
        }
