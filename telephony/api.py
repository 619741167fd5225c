"""Calls over REST."""

from types import MappingProxyType
from typing import Any
from uuid import UUID

from rest_framework.request import Request

from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.rest import ClinicView, Pages, one_of
from accounts.shapes import page_of
from telephony.models import Call
from telephony.selectors.calls import get_call, list_calls
from telephony.serializers import call_json
from telephony.shapes import CALL


class CallListView(ClinicView):
    """``GET /api/v1/calls/?status=&outcome=&ordering=&limit=&cursor=``."""

    permission = Permission.CALLS_VIEW
    summary = "Calls, newest first"
    answers = page_of(CALL)
    choices = MappingProxyType(
        {"status": Call.Status.values, "outcome": Call.Outcome.values}
    )
    orderings = (("-started_at", "-id"), ("started_at", "id"))

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return a page of calls, newest first unless asked otherwise."""
        calls = list_calls(actor=actor).select_related(
            "agent_version__agent", "recording"
        )
        for name, known in self.choices.items():
            if wanted := request.query_params.get(name):
                calls = calls.filter(**{name: one_of(wanted, known, name=name)})
        return Pages(*self.orderings).answer(
            request, calls, lambda call: call_json(call, actor)
        )


class CallView(ClinicView):
    """``GET /api/v1/calls/{id}/``."""

    permission = Permission.CALLS_VIEW
    summary = "One call"
    answers = CALL

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return one call."""
        return call_json(get_call(actor=actor, call_id=ids["call_id"]), actor)
