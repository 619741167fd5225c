"""People and their memberships, addresses masked."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Membership, User
from accounts.operators.forms import ReasonForm
from accounts.operators.pages.base import OperatorPage, mask_email
from accounts.operators.site import operator_site
from accounts.operators.tokens import Purpose


@admin.register(User, site=operator_site)
class PersonPage(OperatorPage):
    """Somebody with an account; found by their id, or by the form on the overview."""

    purpose = Purpose.PEOPLE
    acts_template = "operators/person_acts.html"
    list_display = ("id", "address", "is_active", "is_staff", "created_at")
    list_filter = ("is_active", "is_staff")
    ordering = ("-created_at", "id")
    fields = (
        "id",
        "address",
        "is_active",
        "is_staff",
        "second_factor_since",
        "last_login",
        "created_at",
    )

    @admin.display(description="E-mail")
    def address(self, row: User) -> str:
        """Return the masked address."""
        return mask_email(row.email)

    def acts(self, request: HttpRequest, row: User) -> dict[str, Any]:
        """Return what may be done about the person."""
        return {
            "person_id": row.pk,
            "is_active": row.is_active,
            "is_staff": row.is_staff,
            "is_self": row.pk == request.user.pk,
            "grant_form": ReasonForm(),
            # Two forms of one page: each has ids of its own.
            "close_form": ReasonForm(auto_id="close_%s"),
        }


@admin.register(Membership, site=operator_site)
class MembershipPage(OperatorPage):
    """Who belongs to which clinic, as ids and roles."""

    purpose = Purpose.MEMBERSHIPS
    related = ("organization",)
    list_display = ("id", "organization_name", "user_id", "role", "ended_at")
    list_filter = ("role",)
    ordering = ("-created_at", "id")
    fields = ("id", "organization_name", "user_id", "role", "created_at", "ended_at")

    @admin.display(description="Clinic")
    def organization_name(self, row: Membership) -> str:
        """Return the clinic's name."""
        return row.organization.name
