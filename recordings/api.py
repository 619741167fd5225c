"""What was said in a call, over REST."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request

from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.rest import ClinicView
from accounts.shapes import rows
from compliance.keys.store import KeyGoneError
from recordings.selectors.transcripts import TranscriptLine, list_lines
from recordings.shapes import LINE
from sondervoice.kernel import audit
from telephony.selectors.calls import get_call
from telephony.selectors.sight import standing_sight


class TranscriptView(ClinicView):
    """``GET /api/v1/calls/{id}/transcript/``; each read leaves an audit row."""

    permission = Permission.CALLS_VIEW
    summary = "What was said in a call; each look is noted"
    answers = rows(LINE)

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return the lines in the order they were spoken, none once erased."""
        call = get_call(actor=actor, call_id=ids["call_id"])
        try:
            lines = list_lines(actor=actor, call=call, sight=standing_sight(actor))
        except KeyGoneError:
            lines = []
        audit.record(
            audit.Entry(
                action="recordings.transcript.read",
                organization_id=actor.organization_id,
                actor_kind=actor.kind,
                actor_id=actor.id,
                subject_kind="call",
                subject_id=call.id,
                fields=("text",),
                facts={"lines": len(lines)},
            )
        )
        return [line_json(line) for line in lines]


def line_json(line: TranscriptLine) -> dict[str, Any]:
    """Return one line; `heard` is null for the caller's own words."""
    return {
        "speaker": line.speaker,
        "text": line.text,
        "started_ms": line.started_ms,
        "ended_ms": line.ended_ms,
        "heard": line.heard,
        "language": line.language,
        "is_sure": line.is_sure,
    }
