"""Apply one stored event to its call, in whatever order events come.

Next: `telephony.services.answer_call` for a new call.
"""

import json
from datetime import datetime
from uuid import UUID

from django.db import connection

from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import after_commit
from telephony.call_states import CallStatus, Event, next_state
from telephony.carrier.port import Notice
from telephony.carrier.telnyx.notices import translate
from telephony.event_payload import open_payload, sealed_for_call
from telephony.models import Call, CarrierCommand, CarrierEvent, ToolUse
from telephony.services.answer_call import answer_call
from telephony.services.ask_carrier import ask_carrier
from telephony.services.end_call import end_call
from telephony.services.lose_stream import lose_stream
from telephony.services.say_goodbye import our_ending
from telephony.services.set_outcome import set_outcome

Kind = CarrierCommand.Kind


def apply_event(*, organization_id: UUID, event_id: UUID, now: datetime) -> None:
    """Apply the event unless it has been; events of one call wait for each other."""
    with tenancy.scope(organization_id):
        event = CarrierEvent.objects.get(pk=event_id)
        _take_turns(event.carrier_call_id)
        event.refresh_from_db()
        if event.applied_at is None:
            _apply(event, now=now)


def _apply(event: CarrierEvent, *, now: datetime) -> None:
    notice = _notice(event)
    call = (
        Call.with_deleted.select_for_update()
        .filter(carrier_call_id=event.carrier_call_id)
        .first()
    )
    if call is None and notice.event is Event.INITIATED and notice.is_inbound:
        effect = _new_call(event, notice, now=now)
        call = Call.with_deleted.filter(carrier_call_id=event.carrier_call_id).first()
    elif call is None:
        # The call's first event is still on its way; it will look for this one.
        CarrierEvent.objects.filter(pk=event.pk).update(effect="early")
        return
    else:
        effect = _move(call, notice, now=now)
    _settle(event, call, effect, now=now)


def _new_call(event: CarrierEvent, notice: Notice, *, now: datetime) -> str:
    call = answer_call(
        organization_id=event.organization_id,
        carrier_call_id=event.carrier_call_id,
        called_e164=notice.called_e164,
        caller_e164=notice.caller_e164,
        now=now,
    )
    if call is None:
        return "unanswered"
    early = CarrierEvent.objects.filter(
        carrier_call_id=event.carrier_call_id, effect="early", applied_at=None
    ).order_by("occurred_at", "id")
    for other in early:
        after_commit(
            "telephony.apply_event",
            organization_id=event.organization_id,
            ids={"event_id": other.id},
        )
    return "ringing"


def _move(call: Call, notice: Notice, *, now: datetime) -> str:
    if call.has_ended:
        _after_the_end(call, notice)
        return "late"
    if notice.event is Event.HUNG_UP:
        end_call(call_id=call.id, reason=_reason(call, notice), now=notice.occurred_at)
        return "ended"
    if notice.event is Event.BRIDGED:
        return _bridged(call, now=now)
    state = next_state(CallStatus(call.status), notice.event)
    if state is CallStatus.LIVE:
        _go_live(call, notice, now=now)
        return "live"
    if notice.event in {Event.STREAM_STOPPED, Event.STREAM_FAILED}:
        lose_stream(call=call, notice=notice, now=now)
    return "noted"


def _go_live(call: Call, notice: Notice, *, now: datetime) -> None:
    call.status = CallStatus.LIVE
    call.answered_at = max(notice.occurred_at, call.started_at)
    call.save(update_fields=["status", "answered_at"])
    if notice.event is Event.ANSWERED:
        ask_carrier(call=call, kind=Kind.START_STREAM, now=now)


def _after_the_end(call: Call, notice: Notice) -> None:
    """Mend the reason of an end that came before the event it followed."""
    if notice.event is Event.BRIDGED and _was_asked_to_transfer(call):
        call.end_reason = Call.EndReason.TRANSFERRED
        call.save(update_fields=["end_reason"])
        _reached(call)
        return
    is_answer = notice.event in {Event.ANSWERED, Event.STREAM_STARTED}
    if not is_answer or call.end_reason != Call.EndReason.NO_ANSWER:
        return
    end = CarrierEvent.objects.filter(
        carrier_call_id=call.carrier_call_id, effect="ended"
    ).first()
    if end is None or call.ended_at is None:
        return
    answered_at = max(notice.occurred_at, call.started_at)
    call.answered_at = min(answered_at, call.ended_at)
    call.end_reason = _reason(call, _notice(end))
    call.save(update_fields=["answered_at", "end_reason"])


def _bridged(call: Call, *, now: datetime) -> str:
    if not _was_asked_to_transfer(call):
        return "noted"
    _reached(call)
    end_call(call_id=call.id, reason=Call.EndReason.TRANSFERRED, now=now)
    return "transferred"


def _was_asked_to_transfer(call: Call) -> bool:
    return CarrierCommand.objects.filter(call=call, kind=Kind.TRANSFER).exists()


def _reached(call: Call) -> None:
    """A person has answered: only now was the caller put through."""
    set_outcome(call_id=call.id, outcome=Call.Outcome.TRANSFERRED)
    asked = ToolUse.with_deleted.filter(call=call, name="put_through", effect="asked")
    asked.update(effect="answered")


def _reason(call: Call, notice: Notice) -> Call.EndReason:
    if call.answered_at is None:
        return Call.EndReason.NO_ANSWER
    ours = our_ending(call)
    if ours is not None:
        return ours
    if notice.detail == "caller":
        return Call.EndReason.CALLER_HUNG_UP
    return Call.EndReason.CARRIER


def _notice(event: CarrierEvent) -> Notice:
    return translate(
        event_id=event.carrier_event_id,
        event_type=event.event_type,
        occurred_at=event.occurred_at,
        payload=json.loads(open_payload(event)),
    )


def _settle(
    event: CarrierEvent, call: Call | None, effect: str, *, now: datetime
) -> None:
    changes: dict[str, object] = {"effect": effect, "applied_at": now}
    if call is not None:
        changes["payload_sealed"] = sealed_for_call(event, call)
    CarrierEvent.objects.filter(pk=event.pk).update(**changes)


def _take_turns(carrier_call_id: str) -> None:
    """Wait for other events of this call, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [carrier_call_id]
        )
