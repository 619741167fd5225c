"""Leave a message for the staff."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from compliance.keys.call_sealer import CallSealer
from sondervoice.kernel import audit
from sondervoice.kernel.ids import uuid7
from telephony.messages.models import Message
from telephony.models import Call

TABLE = "phone_messages_message"


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
    words = {
        "text_sealed": left.text,
        "name_sealed": left.name,
        "phone_sealed": left.phone_e164,
    }
    message = Message.objects.create(
        id=message_id,
        organization_id=call.organization_id,
        call=call,
        is_urgent=left.is_urgent,
        is_note=left.is_note,
        clip_started_ms=left.clip_ms[0] if left.clip_ms else None,
        clip_ended_ms=left.clip_ms[1] if left.clip_ms else None,
        left_at=now,
        **{
            column: sealer.seal(word, table=TABLE, column=column, row_id=message_id)
            for column, word in words.items()
        },
    )
    # A booking or a cancellation is the better word for what came of the call.
    Call.objects.filter(pk=call.pk, outcome__in=["none", "info"]).update(
        outcome=Call.Outcome.MESSAGE
    )
    audit.record(
        audit.Entry(
            action="messages.message.left",
            organization_id=call.organization_id,
            actor_kind="caller",
            actor_id=None,
            subject_kind="message",
            subject_id=message_id,
            fields=("text", "name", "phone"),
            facts={"call": call.id, "is_urgent": left.is_urgent},
        )
    )
    return message
