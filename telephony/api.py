"""Calls over REST."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.rest import ClinicView, Pages, one_of
from telephony.models import Call
from telephony.selectors.calls import get_call, list_calls
from telephony.serializers import call_json

_CHOICES = {"status": Call.Status.values, "outcome": Call.Outcome.values}


class CallListView(ClinicView):
    """``GET /api/v1/calls/?status=&outcome=&ordering=&limit=&cursor=``."""

    permission = Permission.CALLS_VIEW

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return a page of calls, newest first unless asked otherwise."""
        calls = list_calls(actor=actor).select_related(
            "agent_version__agent", "recording"
        )
        pages = Pages(("-started_at", "-id"), ("started_at", "id"))
        return pages.answer(
            request, _filtered(request, calls), lambda call: call_json(call, actor)
        )


class CallView(ClinicView):
    """``GET /api/v1/calls/{id}/``."""

    permission = Permission.CALLS_VIEW

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return one call."""
        return call_json(get_call(actor=actor, call_id=ids["call_id"]), actor)


def _filtered(request: Request, calls: QuerySet[Call]) -> QuerySet[Call]:
    for name, known in _CHOICES.items():
        if wanted := request.query_params.get(name):
            calls = calls.filter(**{name: one_of(wanted, known, name=name)})
    return calls
