"""Leave a message for the staff."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from compliance.keys.call_sealer import CallSealer
from compliance.keys.keys import keys
from sondervoice.kernel import audit
from sondervoice.kernel.ids import uuid7
from telephony.messages.models import Message
from telephony.messages.sealed import seal_message_field
from telephony.models import Call
from telephony.services.set_outcome import set_outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftMessage:
    """What the staff should know.

    Attributes:
        phone_e164: Whom to call back; empty when nobody knows.
        is_note: The words are the receptionist's about the caller, not the caller's.
        clip_ms: Where in the call's sound the message is, from and to.
    """

    text: str
    name: str
    phone_e164: str
    is_urgent: bool
    is_note: bool
    clip_ms: tuple[int, int] | None


@transaction.atomic
def take_message(
    *, call: Call, sealer: CallSealer, left: LeftMessage, now: datetime
) -> Message:
    """Keep the message, sealed under the call's own key."""
    message_id = uuid7()
    seal = partial(seal_message_field, sealer=sealer, message_id=message_id)
    message = Message.objects.create(
        id=message_id,
        organization_id=call.organization_id,
        call=call,
        is_urgent=left.is_urgent,
        is_note=left.is_note,
        text_sealed=seal(left.text, column="text_sealed"),
        name_sealed=seal(left.name, column="name_sealed"),
        phone_sealed=seal(left.phone_e164, column="phone_sealed"),
        phone_index=_index(call, left.phone_e164),
        clip_started_ms=left.clip_ms[0] if left.clip_ms else None,
        clip_ended_ms=left.clip_ms[1] if left.clip_ms else None,
        left_at=now,
    )
    set_outcome(call_id=call.id, outcome=Call.Outcome.MESSAGE)
    _record(message, call)
    return message


def _index(call: Call, phone_e164: str) -> bytes | None:
    if not phone_e164:
        return None
    return keys().index(call.organization_id, kind="phone", value=phone_e164)


def _record(message: Message, call: Call) -> None:
    audit.record(
        audit.Entry(
            action="messages.message.left",
            organization_id=call.organization_id,
            actor_kind="caller",
            actor_id=None,
            subject_kind="message",
            subject_id=message.id,
            fields=("text", "name", "phone"),
            facts={"call": call.id, "is_urgent": message.is_urgent},
        )
    )
