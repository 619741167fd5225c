"""The register of grants, and of sessions at clinics."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import User
from accounts.operators.models import OperatorGrant, OperatorSession
from accounts.operators.pages.base import OperatorPage
from accounts.operators.site import operator_site
from accounts.operators.states import grant_state, session_state
from accounts.operators.tokens import Purpose
from sondervoice.kernel.clock import utc_now


def _name(person: User | None) -> str:
    return "the console" if person is None else person.full_name or person.email


@admin.register(OperatorGrant, site=operator_site)
class GrantPage(OperatorPage):
    """Who is an operator, since when, until when, and by whom."""

    purpose = Purpose.GRANTS
    related = ("user", "granted_by", "approved_by")
    acts_template = "operators/grant_acts.html"
    acts_first = True
    list_display = ("person", "state", "reason", "granted", "approved", "expires_at")
    ordering = ("-created_at", "id")
    fields = (
        "id",
        "person",
        "state",
        "reason",
        "granted",
        "created_at",
        "approved",
        "approved_at",
        "expires_at",
        "ended_at",
    )

    @admin.display(description="Operator")
    def person(self, row: OperatorGrant) -> str:
        """Return the operator's name."""
        return _name(row.user)

    @admin.display(description="Stands")
    def state(self, row: OperatorGrant) -> str:
        """Return whether it counts now."""
        return grant_state(row, now=utc_now())

    @admin.display(description="Granted by")
    def granted(self, row: OperatorGrant) -> str:
        """Return who asked for it."""
        return _name(row.granted_by)

    @admin.display(description="Approved by")
    def approved(self, row: OperatorGrant) -> str:
        """Return the second person, if there is one yet."""
        return _name(row.approved_by) if row.approved_at else "nobody yet"

    def acts(self, request: HttpRequest, row: OperatorGrant) -> dict[str, Any]:
        """Return what this operator may do about it."""
        state = grant_state(row, now=utc_now())
        is_second = request.user.pk not in {row.granted_by_id, row.user_id}
        return {
            "grant_id": row.pk,
            "state": state,
            "may_approve": state == "asked" and is_second,
            "may_end": state != "over",
        }


@admin.register(OperatorSession, site=operator_site)
class SessionPage(OperatorPage):
    """Which operator looks, or looked, at which clinic."""

    purpose = Purpose.SESSIONS
    related = ("organization",)
    acts_template = "operators/session_acts.html"
    acts_first = True
    list_display = (
        "organization_name",
        "operator_name",
        "state",
        "ticket",
        "requested_at",
        "request_count",
    )
    ordering = ("-requested_at", "id")
    fields = (
        "id",
        "organization_name",
        "operator_name",
        "as_member_id",
        "state",
        "ticket",
        "reason",
        "minutes",
        "requested_at",
        "approver_name",
        "approved_at",
        "started_at",
        "ends_at",
        "ended_at",
        "ended_by_clinic",
        "request_count",
    )

    @admin.display(description="Clinic")
    def organization_name(self, row: OperatorSession) -> str:
        """Return the clinic's name."""
        return row.organization.name

    @admin.display(description="Stands")
    def state(self, row: OperatorSession) -> str:
        """Return whether it runs now."""
        return session_state(row, now=utc_now())

    def acts(self, request: HttpRequest, row: OperatorSession) -> dict[str, Any]:
        """Return what this operator may do about it."""
        state = session_state(row, now=utc_now())
        is_own = row.operator_id == request.user.pk
        return {
            "visit": row,
            "clinic": row.organization.name,
            "state": state,
            "may_approve": state == "asked" and not is_own,
            "may_start": state == "approved" and is_own,
            "may_enter": state == "live" and is_own,
            "may_end": state != "over",
        }
