"""Messages for the staff, over REST."""

from types import MappingProxyType
from typing import Any
from uuid import UUID

from rest_framework.request import Request

from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.rest import ClinicView, Pages
from accounts.shapes import page_of
from compliance.keys.call_sealer import sealer_for_call
from compliance.keys.store import KeyGoneError
from sondervoice.kernel import audit
from telephony.messages.models import Message
from telephony.messages.sealed import message_name, message_phone
from telephony.messages.selectors.messages import list_messages
from telephony.messages.selectors.shown_text import is_restricted, shown_text
from telephony.messages.shapes import MESSAGE
from telephony.selectors.shown_numbers import shown_e164
from telephony.selectors.sight import Sight, standing_sight


class MessageListView(ClinicView):
    """``GET /api/v1/messages/?status=&ordering=&limit=&cursor=``; each leaves a row.

    The row is the record's: a message is what somebody said in a call.
    """

    permission = Permission.MESSAGES_VIEW
    summary = "Messages, newest first; each look is noted"
    answers = page_of(MESSAGE)
    choices = MappingProxyType({"status": Message.Status.values})
    orderings = (("-left_at", "-id"), ("left_at", "id"))

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return a page of messages, newest first unless asked otherwise."""
        wanted = self.wanted(request).get("status")
        sight = standing_sight(actor)
        page = Pages(*self.orderings).answer(
            request,
            list_messages(actor=actor, status=wanted),
            lambda message: message_json(message, sight),
        )
        audit.record(
            audit.Entry(
                action="telephony.messages.read",
                organization_id=actor.organization_id,
                actor_kind=actor.kind,
                actor_id=actor.id,
                subject_kind="message",
                subject_id=None,
                fields=("text", "name"),
                facts={"count": len(page["results"])},
            )
        )
        return page


def message_json(message: Message, sight: Sight) -> dict[str, Any]:
    """Return one message; what its call's key sealed is null once the key is gone."""
    text = name = phone = ""
    is_seen = sight.sees(message.call_id) and not is_restricted(message, sight)
    try:
        sealer = sealer_for_call(
            organization_id=message.organization_id, call_id=message.call_id
        )
        text = shown_text(message, sealer, sight)
        name = message_name(message, sealer)
        phone = message_phone(message, sealer)
    except KeyGoneError:
        pass
    return {
        "id": message.id,
        "status": message.status,
        "is_urgent": message.is_urgent,
        "text": text or None,
        "name": (name or None) if is_seen else None,
        "phone_e164": shown_e164(phone, is_seen=is_seen),
        "call_id": message.call_id,
        "left_at": message.left_at,
        "handled_at": message.handled_at,
    }
