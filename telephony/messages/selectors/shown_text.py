"""A message's words as the actor may read them."""

from compliance.keys.call_sealer import CallSealer
from telephony.masking import mask_words
from telephony.messages.models import Message
from telephony.messages.sealed import message_name, message_text
from telephony.sealed import caller_name
from telephony.selectors.sight import Sight


def shown_text(message: Message, sealer: CallSealer, sight: Sight) -> str:
    """Return the words; without names and numbers for who may not see the caller."""
    words = message_text(message, sealer)
    if sight.sees(message.call_id):
        return words
    names = (message_name(message, sealer), caller_name(message.call, sealer))
    return mask_words(words, names=names)
