"""Write down that a call's line lives, and how it ended."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sondervoice.kernel import tenancy
from telephony.models import Call, CarrierCommand, ToolUse
from telephony.services.ask_carrier import ask_carrier

Kind = CarrierCommand.Kind

# How a line ends when it is we who end the call; else the carrier has done so.
ENDINGS_OF_OURS: Final = frozenset({"hang_up", "put_through", "too_long"})


def beat_line(*, organization_id: UUID, call_id: UUID, now: datetime) -> bool:
    """Note a sign of life; return whether the call is still open."""
    with tenancy.scope(organization_id):
        open_calls = Call.objects.filter(pk=call_id, status__in=["ringing", "live"])
        return open_calls.update(line_seen_at=now) == 1


def end_line(*, organization_id: UUID, call_id: UUID, how: str, now: datetime) -> None:
    """The line is done; ask the carrier for what comes next.

    Args:
        how: ``hang_up``, ``put_through`` or ``too_long``; anything else leaves the call
            to the carrier's own events and to the mending of its stream.
    """
    with tenancy.scope(organization_id):
        call = Call.objects.select_for_update().get(pk=call_id)
        if call.has_ended or how not in ENDINGS_OF_OURS:
            return
        call.line_ended_at = now
        call.line_seen_at = now
        call.save(update_fields=["line_ended_at", "line_seen_at"])
        if how == "put_through":
            Call.objects.filter(pk=call.pk).update(outcome=Call.Outcome.TRANSFERRED)
            since = now - (call.answered_at or call.started_at)
            ToolUse.objects.create(
                organization_id=organization_id,
                call=call,
                name="put_through",
                effect="asked",
                at_ms=max(0, int(since.total_seconds() * 1000)),
                took_ms=0,
            )
            ask_carrier(call=call, kind=Kind.TRANSFER, now=now)
        else:
            ask_carrier(call=call, kind=Kind.HANG_UP, now=now)
