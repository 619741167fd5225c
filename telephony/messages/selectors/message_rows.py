"""Messages shaped for a list: whose words, how urgent, whom to call back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.permissions import Permission
from telephony.messages.models import Message
from telephony.messages.sealed import message_name, message_phone
from telephony.messages.selectors.shown_text import is_restricted, shown_text
from telephony.sealed import mask_e164
from telephony.selectors.callers import find_sealer, spaced
from telephony.selectors.sight import Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """One message.

    Attributes:
        title: The name, else the number, else that neither is known.
        number: Shown beside a name; masked for who may not see it.
        call_back: E.164 for a link, empty when unknown or masked.
        is_erased: The call's key is gone; the words with it.
        is_restricted: The caller asked that this is kept and not used.
        may_be_revealed: A reason would show name, number and the words as they are.
    """

    id: UUID
    call_id: UUID
    title: str
    number: str
    call_back: str
    text: str
    is_urgent: bool
    is_note: bool
    is_handled: bool
    is_erased: bool
    is_restricted: bool
    may_be_revealed: bool
    left_at: datetime
    handled_at: datetime | None
    handled_by: str


def shape_messages(
    *, actor: Actor, messages: Iterable[Message], sight: Sight
) -> list[MessageRow]:
    """Return a row for each message, in the order given.

    Raises:
        PermissionMissingError: If the actor may not see messages.
    """
    actor.require(Permission.MESSAGES_VIEW)
    return [_row(message, sight) for message in messages]


def _row(message: Message, sight: Sight) -> MessageRow:
    sealer = find_sealer(message.call)
    restricted = is_restricted(message, sight)
    is_seen = sight.sees(message.call_id) and not restricted
    given = message_name(message, sealer) if sealer else ""
    phone = message_phone(message, sealer) if sealer else ""
    name = given if is_seen else ""
    shown = spaced(phone) if is_seen else mask_e164(phone)
    unknown = "Caller erased" if sealer is None else "Number withheld"
    by = message.handled_by
    return MessageRow(
        id=message.id,
        call_id=message.call_id,
        title=name or shown or unknown,
        number=shown if name else "",
        call_back=phone if is_seen else "",
        text=shown_text(message, sealer, sight) if sealer else "",
        is_urgent=message.is_urgent,
        is_note=message.is_note,
        is_handled=message.status == Message.Status.HANDLED,
        is_erased=sealer is None,
        is_restricted=restricted,
        may_be_revealed=sight.may_reveal
        and not is_seen
        and not restricted
        and sealer is not None,
        left_at=message.left_at,
        handled_at=message.handled_at,
        handled_by=(by.full_name or by.email) if by else "",
    )
