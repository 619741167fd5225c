"""How a message looks over REST."""

from typing import Final

from accounts.shapes import ID, TEXT, TIME, YES_NO, maybe, one_word, record, said
from telephony.messages.models import Message

MESSAGE: Final = record(
    "Message",
    id=ID,
    status=one_word(Message.Status.values),
    is_urgent=YES_NO,
    text=said(maybe(TEXT), "null when left as sound, erased, or restricted"),
    name=maybe(TEXT),
    phone_e164=said(maybe(TEXT), "masked"),
    call_id=ID,
    left_at=TIME,
    handled_at=maybe(TIME),
)
