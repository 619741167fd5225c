"""Write down that a call's line lives, and how it ended.

A call whose stream broke has a second line, while the first may not know yet that its
socket is dead. Each line has its number, the epoch; only the newest speaks for it.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sondervoice.kernel import tenancy
from telephony.models import Call, CarrierCommand
from telephony.services.ask_carrier import ask_carrier
from telephony.services.put_through import put_through

# How a line ends when it is we who end the call; else the carrier has done so.
ENDINGS_OF_OURS: Final = frozenset({"hang_up", "put_through", "too_long"})


class Standing(StrEnum):
    """What a line learns when it gives a sign of life."""

    OPEN = "open"
    GONE = "gone"
    REPLACED = "replaced"


def beat_lines(
    *, organization_id: UUID, lines: Sequence[tuple[UUID, int]], now: datetime
) -> list[Standing]:
    """Note a sign of life of each call whose newest line is asking.

    Args:
        lines: Calls of one organization, each with the epoch of the asking line.

    Returns:
        Where each line stands, in their order.
    """
    with tenancy.scope(organization_id):
        asked = Call.objects.filter(pk__in=[call_id for call_id, _ in lines])
        open_calls = asked.filter(status__in=["ringing", "live"])
        newest = dict(open_calls.values_list("id", "line_epoch"))
        living = [call_id for call_id, epoch in lines if newest.get(call_id) == epoch]
        Call.objects.filter(pk__in=living).update(line_seen_at=now)
    return [_standing(newest.get(call_id), epoch) for call_id, epoch in lines]


def _standing(newest: int | None, epoch: int) -> Standing:
    if newest is None:
        return Standing.GONE
    return Standing.OPEN if newest == epoch else Standing.REPLACED


def end_line(
    *, organization_id: UUID, call_id: UUID, epoch: int, how: str, now: datetime
) -> None:
    """The line is done; ask the carrier for what comes next.

    Ending twice is harmless. A line that was replaced ends nothing but itself.

    Args:
        how: ``hang_up``, ``put_through`` or ``too_long``; anything else leaves the call
            to the carrier's own events and to the mending of its stream.
    """
    with tenancy.scope(organization_id):
        call = Call.with_deleted.select_for_update().get(pk=call_id)
        is_done = call.has_ended or call.line_ended_at is not None
        if is_done or call.line_epoch != epoch or how not in ENDINGS_OF_OURS:
            return
        call.line_ended_at = now
        call.line_seen_at = now
        if how == "too_long":
            call.end_reason = Call.EndReason.TOO_LONG
        call.save(update_fields=["line_ended_at", "line_seen_at", "end_reason"])
        if how == "put_through":
            put_through(call=call, now=now)
        else:
            ask_carrier(call=call, kind=CarrierCommand.Kind.HANG_UP, now=now)
