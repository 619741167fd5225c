"""The register of what two operators stand for."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.operators.models import OperatorAct
from accounts.operators.pages.base import OperatorPage, mask_email
from accounts.operators.site import operator_site
from accounts.operators.states import act_state
from accounts.operators.tokens import Purpose
from sondervoice.kernel.clock import utc_now


@admin.register(OperatorAct, site=operator_site)
class ActPage(OperatorPage):
    """What was asked for, why, by whom, and who let it happen."""

    purpose = Purpose.ACTS
    related = ("organization", "user", "agency")
    acts_template = "operators/act_acts.html"
    acts_first = True
    list_display = ("what", "about", "state", "reason", "asker_name", "approver_name")
    list_filter = ("kind",)
    ordering = ("-asked_at", "id")
    fields = (
        "id",
        "what",
        "about",
        "state",
        "reason",
        "asker_name",
        "asked_at",
        "approver_name",
        "approved_at",
        "ended_at",
    )

    @admin.display(description="What")
    def what(self, row: OperatorAct) -> str:
        """Return what happens, in words."""
        return str(OperatorAct.Kind(row.kind).label)

    @admin.display(description="About")
    def about(self, row: OperatorAct) -> str:
        """Return the clinic and its plan, the person, the agency.

        An id alone tells the second operator nothing; the masked address can be
        compared with who asked for it.
        """
        clinic = row.organization.name if row.organization else ""
        if row.plan:
            return f"{clinic}: {row.plan}"
        agency = row.agency.name if row.agency else row.name
        person = f"{mask_email(row.user.email)} ({row.user_id})" if row.user else ""
        return ", ".join(one for one in (clinic, person, agency) if one)

    @admin.display(description="Stands")
    def state(self, row: OperatorAct) -> str:
        """Return whether it waits."""
        return act_state(row, now=utc_now())

    def acts(self, request: HttpRequest, row: OperatorAct) -> dict[str, Any]:
        """Return what this operator may do about it."""
        state = act_state(row, now=utc_now())
        is_second = request.user.pk not in {row.asked_by_id, row.user_id}
        return {
            "act_id": row.pk,
            "state": state,
            "what": self.what(row),
            "about": self.about(row),
            "reason": row.reason,
            "may_approve": state == "asked" and is_second,
        }
