"""Calls shaped for a list: who, what happened, and the marks.

Each row opens two or three sealed fields; a page of 50 takes a few milliseconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.keys.call_sealer import CallSealer
from telephony.marks import (
    ERASED,
    Badge,
    clock,
    consent_badge,
    outcome_badge,
    recording_badge,
)
from telephony.messages.models import Message
from telephony.messages.selectors.shown_text import shown_text
from telephony.models import Call
from telephony.scheduling.models import Appointment
from telephony.selectors.callers import Caller, find_sealer, read_caller
from telephony.selectors.sight import Sight

WORDS_AT_MOST: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One line of a list.

    Attributes:
        happened: One sentence; the caller's own where there is one.
        length: From the answer to the end, or until now, as ``3:12``.
    """

    id: UUID
    started_at: datetime
    caller: Caller
    happened: str
    is_quoted: bool
    outcome: Badge
    consent: Badge
    recording: Badge
    length: str
    is_live: bool
    receptionist: str


def with_marks(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Return the calls with all that a row needs: four queries for any number."""
    seats = Appointment.objects.select_related("slot__practitioner", "slot__kind")
    return calls.select_related("recording").prefetch_related(
        Prefetch("appointments", seats),
        Prefetch("cancellations", seats),
        Prefetch("messages", Message.objects.order_by("left_at")),
    )


def shape_rows(
    *, actor: Actor, calls: Iterable[Call], now: datetime, sight: Sight
) -> list[CallRow]:
    """Return a row for each call, in the order given.

    Raises:
        PermissionMissingError: If the actor may not see calls.
    """
    return [_row(actor, call, now, sight) for call in calls]


def _row(actor: Actor, call: Call, now: datetime, sight: Sight) -> CallRow:
    sealer = find_sealer(call)
    happened, is_quoted = _PLAIN.get(call.outcome, "") or _ending(call), False
    if not sight.restricts(call.caller_index):
        happened, is_quoted = _happened(actor, call, sealer, sight)
    return CallRow(
        id=call.id,
        started_at=call.started_at,
        caller=read_caller(actor=actor, call=call, sealer=sealer, sight=sight),
        happened=happened,
        is_quoted=is_quoted,
        outcome=outcome_badge(call),
        consent=consent_badge(call),
        recording=ERASED
        if sealer is None
        else recording_badge(call, getattr(call, "recording", None), now=now),
        length=clock(length_s(call, now)),
        is_live=not call.has_ended,
        receptionist=call.agent_version.agent.name,
    )


def length_s(call: Call, now: datetime) -> int:
    """Return whole seconds from the answer to the end; 0 when never answered."""
    if call.answered_at is None:
        return 0
    return max(int(((call.ended_at or now) - call.answered_at).total_seconds()), 0)


def seat_words(appointment: Appointment) -> str:
    """Return what, with whom and when, in the open time zone."""
    slot = appointment.slot
    when = date_format(localtime(slot.starts_at), "D j M H:i")
    kind = f"{slot.kind.name[:1].upper()}{slot.kind.name[1:]}"
    return f"{kind} with {slot.practitioner.name}, {when}"


def _happened(
    actor: Actor, call: Call, sealer: CallSealer | None, sight: Sight
) -> tuple[str, bool]:
    """Return the sentence, and whether it is the caller's own."""
    messages = list(call.messages.all()) if actor.may(Permission.MESSAGES_VIEW) else []
    if messages and sealer is not None:
        words = shown_text(messages[0], sealer, sight)
        if words:
            short = words if len(words) <= WORDS_AT_MOST else _cut(words)
            return short, not messages[0].is_note
        return "Left a message as sound", False
    if actor.may(Permission.APPOINTMENTS_VIEW):
        for appointment in call.appointments.all():
            return seat_words(appointment), False
        for appointment in call.cancellations.all():
            return f"Cancelled: {seat_words(appointment)}", False
    return _PLAIN.get(call.outcome, "") or _ending(call), False


_PLAIN: Final = {
    Call.Outcome.EMERGENCY.value: "Told the emergency number",
    Call.Outcome.TRANSFERRED.value: "Asked for a person and was put through",
    Call.Outcome.INFO.value: "Asked a question and had the answer",
    Call.Outcome.MESSAGE.value: "Left a message",
    # For who may not see the diary; others read what was booked.
    Call.Outcome.BOOKED.value: "Booked an appointment",
    Call.Outcome.CANCELLED.value: "Cancelled an appointment",
}

_ENDINGS: Final = {
    Call.EndReason.LINE_LOST.value: "The line broke off",
    Call.EndReason.TOO_LONG.value: "Ended at the longest time a call may take",
    Call.EndReason.NO_ANSWER.value: "Was not answered",
}


def _ending(call: Call) -> str:
    if not call.has_ended:
        return "Still talking" if call.answered_at else "Ringing"
    if call.answered_at is None:
        return "Hung up before the answer"
    if call.disclosure_heard_at is None:
        return "Hung up during the greeting"
    return _ENDINGS.get(call.end_reason, "Hung up without a result")


def _cut(words: str) -> str:
    return words[:WORDS_AT_MOST].rsplit(" ", 1)[0] + " …"
