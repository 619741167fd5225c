"""Colleagues who leave, and the secrets they could know."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import date_format

from accounts.operators.known_secrets import KNOWN_SECRETS, changed_at
from accounts.operators.models import Leaving, LeavingStep
from accounts.operators.pages.base import OperatorPage
from accounts.operators.reading import rows_of
from accounts.operators.site import operator_site
from accounts.operators.tokens import Purpose


@admin.register(Leaving, site=operator_site)
class LeavingPage(OperatorPage):
    """One list a departure."""

    purpose = Purpose.LEAVING
    related = ("user", "begun_by", "closed_by")
    acts_template = "operators/leaving_acts.html"
    list_display = ("person", "begun_at", "by", "due", "closed_at")
    ordering = ("-begun_at", "id")
    fields = ("id", "person", "begun_at", "by", "due", "closed_at")

    @admin.display(description="Who leaves")
    def person(self, row: Leaving) -> str:
        """Return the colleague's name."""
        return row.user.full_name or row.user.email

    @admin.display(description="Begun by")
    def by(self, row: Leaving) -> str:
        """Return who began the list."""
        return row.begun_by.full_name or row.begun_by.email

    @admin.display(description="Due")
    def due(self, row: Leaving) -> str:
        """Return when all must be done, as the other times of a sheet are shown."""
        return date_format(row.due_at, "DATETIME_FORMAT")

    def acts(self, request: HttpRequest, row: Leaving) -> dict[str, Any]:
        """Return the secrets, and what was done about each."""
        steps = (
            rows_of(LeavingStep)
            .filter(leaving_id=row.pk)
            .select_related("settled_by", "confirmed_by")
            .defer("settled_by__password", "confirmed_by__password")
        )
        place = {name: number for number, name in enumerate(KNOWN_SECRETS)}
        in_order = sorted(steps, key=lambda step: place.get(step.secret, len(place)))
        lines = [
            {
                "step": step,
                "how": KNOWN_SECRETS[step.secret].how
                if step.secret in KNOWN_SECRETS
                else "",
                "changed_at": changed_at(step.secret),
                "may_confirm": _waits_for_second(step)
                and request.user.pk not in {step.settled_by_id, row.user_id},
            }
            for step in in_order
        ]
        open_count = sum(map(_is_unfinished, in_order))
        return {
            "leaving": row,
            "lines": lines,
            "open_count": open_count,
            "may_settle": row.user_id != request.user.pk,
            "may_close": not open_count and row.closed_at is None,
        }


def _is_unfinished(step: LeavingStep) -> bool:
    return step.outcome != LeavingStep.Outcome.SOFTWARE and step.confirmed_at is None


def _waits_for_second(step: LeavingStep) -> bool:
    return _is_unfinished(step) and step.outcome != LeavingStep.Outcome.OPEN
