"""A message's words as the actor may read them."""

from compliance.keys.call_sealer import CallSealer
from telephony.masking import mask_words
from telephony.messages.models import Message
from telephony.messages.sealed import message_name, message_text
from telephony.sealed import caller_name
from telephony.selectors.sight import Sight


def is_restricted(message: Message, sight: Sight) -> bool:
    """Return whether the caller asked that their words are kept and not used."""
    return bool(sight.restricted) and (
        sight.restricts(message.phone_index or b"")
        or sight.restricts(message.call.caller_index)
    )


def shown_text(message: Message, sealer: CallSealer, sight: Sight) -> str:
    """Return the words; without names and numbers for who may not see the caller.

    Of a number whose data is not used there are none.
    """
    if is_restricted(message, sight):
        return ""
    words = message_text(message, sealer)
    if sight.sees(message.call_id):
        return words
    names = (message_name(message, sealer), caller_name(message.call, sealer))
    return mask_words(words, names=names)
