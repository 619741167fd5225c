"""The only door to what callers left for the staff."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission
from telephony.messages.errors import MessageNotFoundError
from telephony.messages.models import Message
from telephony.selectors.limits import within_limits


def list_messages(*, actor: Actor, status: str | None = None) -> QuerySet[Message]:
    """Return messages of one `Message.Status` or all, urgent first, then newest.

    Raises:
        PermissionMissingError: If the actor may not see messages.
    """
    actor.require(Permission.MESSAGES_VIEW)
    found = Message.objects.select_related("call", "handled_by").filter(
        within_limits(actor, call="call__")
    )
    if status is not None:
        found = found.filter(status=status)
    return found.order_by("-is_urgent", "-left_at", "-id")


def get_message_for_update(*, actor: Actor, message_id: UUID) -> Message:
    """Return one message of the clinic, locked until the transaction ends.

    Raises:
        MessageNotFoundError: If there is none, or it is another clinic's.
        PermissionMissingError: If the actor may not handle messages.
    """
    message = (
        Message.objects.select_for_update(of=("self",))
        .filter(within_limits(actor, call="call__"), pk=message_id)
        .first()
    )
    if message is None:
        raise MessageNotFoundError
    actor.require(Permission.MESSAGES_HANDLE)
    return message
