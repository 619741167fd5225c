"""The sealed fields of a message: under the key of the call it was left in."""

from typing import Final
from uuid import UUID

from compliance.keys.call_sealer import CallSealer
from telephony.messages.models import Message

TABLE: Final = "phone_messages_message"


def seal_message_field(
    text: str, *, sealer: CallSealer, column: str, message_id: UUID
) -> bytes:
    """Return text sealed for ``text_sealed``, ``name_sealed`` or ``phone_sealed``."""
    return sealer.seal(text, table=TABLE, column=column, row_id=message_id)


def message_text(message: Message, sealer: CallSealer) -> str:
    """Return the words as heard."""
    return _open(message, "text_sealed", sealer)


def message_name(message: Message, sealer: CallSealer) -> str:
    """Return who left it, or empty when not said."""
    return _open(message, "name_sealed", sealer)


def message_phone(message: Message, sealer: CallSealer) -> str:
    """Return the E.164 number to call back on, or empty when none is known."""
    return _open(message, "phone_sealed", sealer)


def _open(message: Message, column: str, sealer: CallSealer) -> str:
    sealed: bytes = bytes(getattr(message, column))
    return sealer.open(sealed, table=TABLE, column=column, row_id=message.id)
