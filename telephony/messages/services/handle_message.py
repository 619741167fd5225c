"""Mark a message as handled, or take that back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from sondervoice.kernel import audit
from telephony.messages.models import Message
from telephony.messages.selectors.messages import get_message_for_update


@transaction.atomic
def handle_message(*, actor: Actor, message_id: UUID, now: datetime) -> Message:
    """Mark the message as handled by the actor.

    Doing so twice is harmless: the first person and time stand.

    Raises:
        MessageNotFoundError: If it is not one of the clinic's.
        PermissionMissingError: If the actor may not handle messages.
    """
    message = get_message_for_update(actor=actor, message_id=message_id)
    if message.status == Message.Status.HANDLED:
        return message
    message.status = Message.Status.HANDLED
    message.handled_at = now
    message.handled_by_id = actor.id
    message.save(update_fields=["status", "handled_at", "handled_by"])
    _record("messages.message.handled", actor, message)
    return message


@transaction.atomic
def reopen_message(*, actor: Actor, message_id: UUID) -> Message:
    """Make the message wait for a person again; doing so twice is harmless.

    Raises:
        MessageNotFoundError: If it is not one of the clinic's.
        PermissionMissingError: If the actor may not handle messages.
    """
    message = get_message_for_update(actor=actor, message_id=message_id)
    if message.status == Message.Status.NEW:
        return message
    message.status = Message.Status.NEW
    message.handled_at = None
    message.handled_by = None
    message.save(update_fields=["status", "handled_at", "handled_by"])
    _record("messages.message.reopened", actor, message)
    return message


def _record(action: str, actor: Actor, message: Message) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=message.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="message",
            subject_id=message.id,
            fields=("status", "handled_at", "handled_by"),
            facts={"call": message.call_id},
        )
    )
