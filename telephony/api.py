"""Calls over REST."""

from types import MappingProxyType
from typing import Any
from uuid import UUID

from rest_framework.request import Request

from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.rest import ClinicView, Json, Pages, Write
from accounts.shapes import page_of
from telephony.bin.errors import RowNotFoundError
from telephony.bin.kinds import Kind
from telephony.bin.services.delete_row import delete_row
from telephony.errors import CallNotFoundError
from telephony.looks import note_call_read, note_calls_read
from telephony.models import Call
from telephony.selectors.calls import get_call, list_calls
from telephony.selectors.sight import standing_sight
from telephony.serializers import call_json
from telephony.shapes import CALL


class CallListView(ClinicView):
    """``GET /api/v1/calls/?status=&outcome=&ordering=&limit=&cursor=``.

    Each leaves a row in the record: callers' numbers stand here.
    """

    permission = Permission.CALLS_VIEW
    summary = "Calls, newest first; callers' numbers are shown, so each look is noted"
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
        calls = calls.filter(**self.wanted(request))
        sight = standing_sight(actor)
        page = Pages(*self.orderings).answer(
            request, calls, lambda call: call_json(call, sight)
        )
        note_calls_read(actor=actor, call_ids=[row["id"] for row in page["results"]])
        return page


class CallView(ClinicView):
    """``GET`` and ``DELETE /api/v1/calls/{id}/``; each leaves a row in the record."""

    permission = Permission.CALLS_VIEW
    summary = "One call; each look is noted"
    answers = CALL
    writes = MappingProxyType(
        {
            "delete": Write(
                name="CallDelete",
                summary="Put a call into the bin, with its recording, words and "
                "messages; it can be brought back there for 30 days",
                permission=Permission.CALLS_DELETE,
                refuses=MappingProxyType({422: "The call still goes on."}),
            ),
        }
    )

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return one call."""
        call = get_call(actor=actor, call_id=ids["call_id"])
        note_call_read(actor=actor, call_id=call.id)
        return call_json(call, standing_sight(actor))

    def write(self, actor: Actor, body: Json, **ids: UUID) -> Any:
        """Put the call into the bin.

        Raises:
            CallNotFoundError: If there is none, or it was deleted already.
        """
        call_id = ids["call_id"]
        try:
            delete_row(actor=actor, kind=Kind.CALL, row_id=call_id, now=self.now)
        except RowNotFoundError:
            raise CallNotFoundError from None
