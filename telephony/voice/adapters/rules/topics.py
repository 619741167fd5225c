"""What can have been asked last; kept in `Dialogue.topic`.

Next: `telephony.voice.adapters.rules.questions`, which says each of them.
"""

from enum import StrEnum


class Topic(StrEnum):
    """The question that awaits an answer."""

    OPENING = ""
    CONSENT = "consent"
    HELP = "help"
    MENU = "menu"
    NAME = "name"
    NAME_AGAIN = "name_again"
    WHEN = "when"
    OFFER = "offer"
    OWN_NUMBER = "own_number"
    PHONE = "phone"
    CONFIRM = "confirm"
    WRONG = "wrong"
    CANCEL = "cancel"
    MESSAGE = "message"
    LINK = "link"
    EMERGENCY = "emergency"
    MORE = "more"


def topic_of(word: str) -> Topic:
    """Return the topic of this name; `Topic.HELP` for a word of another brain."""
    return Topic(word) if word in set(Topic) else Topic.HELP
