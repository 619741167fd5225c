"""End a call, once, whoever says so first.

Next: `recordings.tasks` stores what it left behind.
"""

import math
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from compliance.retention.selectors.keep_days import dates_of_call
from sondervoice.kernel import audit
from sondervoice.kernel.jobs import after_commit
from telephony.call_states import CallStatus
from telephony.errors import CallNotFoundError
from telephony.events import call_ended
from telephony.models import Call, CarrierCommand, Turn

# The word that a person answered may come after the word that the call has ended.
BRIDGED_LATE_S: Final = 3.0


@transaction.atomic
def end_call(*, call_id: UUID, reason: Call.EndReason, now: datetime) -> Call:
    """End the call and tell whoever waits for it.

    Ending twice is harmless: the first reason and time stand.

    Args:
        now: When it ended, in UTC.

    Raises:
        CallNotFoundError: If no call in the open scope has this id.
    """
    call = Call.with_deleted.select_for_update().filter(pk=call_id).first()
    if call is None:
        raise CallNotFoundError
    if call.has_ended:
        return call
    _close(call, reason, now=now)
    _record(call)
    _note_unreached(call)
    call_ended.send(organization_id=call.organization_id, call_id=call.id)
    return call


def _close(call: Call, reason: Call.EndReason, *, now: datetime) -> None:
    failed = reason == Call.EndReason.CARRIER and call.answered_at is None
    call.status = CallStatus.FAILED if failed else CallStatus.ENDED
    call.end_reason = reason
    call.ended_at = max(now, call.answered_at or call.started_at)
    call.dialogue = None
    dates = dates_of_call(
        organization_id=call.organization_id,
        capture=call.capture,
        ended_at=call.ended_at,
    )
    for column, due in dates.items():
        setattr(call, column, due)
    call.answer_p50_ms, call.answer_p95_ms = _answer_times(call)
    call.save(
        update_fields=[
            "status",
            "end_reason",
            "ended_at",
            "dialogue",
            "answer_p50_ms",
            "answer_p95_ms",
            *dates,
        ]
    )


def _record(call: Call) -> None:
    audit.record(
        audit.Entry(
            action="telephony.call.ended",
            organization_id=call.organization_id,
            actor_kind="carrier",
            actor_id=None,
            subject_kind="call",
            subject_id=call.id,
            fields=("status", "end_reason", "ended_at"),
        )
    )


def _note_unreached(call: Call) -> None:
    """Have the staff told when the caller wanted a person and nobody answered."""
    asked = CarrierCommand.objects.filter(call=call, kind=CarrierCommand.Kind.TRANSFER)
    if call.end_reason != Call.EndReason.TRANSFERRED and asked.exists():
        after_commit(
            "telephony.note_unreached",
            organization_id=call.organization_id,
            ids={"call_id": call.id},
            delay_s=BRIDGED_LATE_S,
        )


def _answer_times(call: Call) -> tuple[int | None, int | None]:
    """Return median and 95th percentile (nearest rank), last word to first sound."""
    waited = sorted(
        turn.answered_ms - turn.quiet_ms
        for turn in Turn.objects.filter(call=call).exclude(answered_ms=None)
        if turn.answered_ms is not None and turn.answered_ms >= turn.quiet_ms
    )
    if not waited:
        return None, None
    return _ranked(waited, 0.5), _ranked(waited, 0.95)


def _ranked(figures: list[int], rank: float) -> int:
    return figures[math.ceil(rank * len(figures)) - 1]
