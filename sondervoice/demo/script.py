"""What the demo's caller answers to what the receptionist has just said (pure).

The caller is a script, but it listens: which line comes next depends on the question,
as anybody on the telephone would do it.
"""

from collections.abc import Sequence
from typing import Final

LANGUAGE: Final = "en"

# Worded so that the on-device ear is sure of each in the demo's voice, three times of
# three: what it hears badly has figures of its own, in `docs/`.

OPENING: Final = "Could I book a check up for Tuesday morning?"
NAME: Final = "My name is Michael Wilson. W, I, L, S, O, N."
WHEN: Final = "On Tuesday morning at ten o'clock."
PHONE: Final = "Three one two, five five five, zero one four two."
HALF_PAST_TEN: Final = "Half past ten is fine."
YES: Final = "Yes, please."
RIGHT: Final = "Yes, that's right."
THANKS: Final = "No, thank you. Goodbye."

# The question's own words, the last one asked first; the order matters where one
# question quotes another.
_ANSWERS: Final = (
    ("anything else", THANKS),
    ("is that right", RIGHT),
    ("half past ten", HALF_PAST_TEN),
    ("shall i book it", YES),
    ("the number you are calling from", YES),
    ("type your phone number", PHONE),
    ("spell your last name", NAME),
    ("which day and time", WHEN),
    ("record the call", YES),
    ("say yes or press 1", YES),
    ("how can i help", OPENING),
    ("1 to book", OPENING),
)

LINES: Final = tuple(dict.fromkeys(answer for _, answer in _ANSWERS))


def reply_to(sentences: Sequence[str]) -> str | None:
    """Return the caller's line after these sentences, or None when none fits.

    The last sentence that asks something the caller knows an answer to decides.
    """
    for sentence in reversed(sentences):
        words = sentence.lower()
        for question, answer in _ANSWERS:
            if question in words:
                return answer
    return None
