"""What the callers of the load say: one cycle of speech and quiet, as messages.

Each frame is told from the others by its first three samples, which are quieter than
the line's own noise, so that a frame that comes back can be known again.
"""

import base64
from typing import Final

FRAME_BYTES: Final = 160
TAGS: Final = 15**3
# Base64 of 160 bytes; the tag's three bytes are its first four characters.
PAYLOAD_CHARACTERS: Final = 216
# Mu-law for the quietest values; 0xFF and 0x7F both mean zero and are left out.
_DIGITS: Final = range(0xF0, 0xFF)


def _tag(number: int) -> bytes:
    first, rest = divmod(number, 225)
    second, third = divmod(rest, 15)
    return base64.b64encode(bytes((_DIGITS[first], _DIGITS[second], _DIGITS[third])))


TAG: Final = tuple(_tag(number) for number in range(TAGS))
NUMBER_OF: Final = {tag: number for number, tag in enumerate(TAG)}


class Cycle:
    """One caller's speech and quiet, over and over.

    Attributes:
        rests: Base64 of each frame without its tag.
        speech: How many frames of speech it begins with; the others are quiet.
    """

    def __init__(self, sound: bytes, *, speech: int) -> None:
        """Cut mu-law sound into frames."""
        self.speech = speech
        self.rests = tuple(
            base64.b64encode(sound[start + 3 : start + FRAME_BYTES])
            for start in range(0, len(sound), FRAME_BYTES)
        )
