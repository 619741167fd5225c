"""Turns sentences into sound.

Next: `telephony.voice.stages.encode`, then `telephony.voice.pacer`.
"""

import re
from collections.abc import Callable
from typing import Final

from telephony.voice.frames import FRAME_BYTES, Saying, Spoken
from telephony.voice.pcm import root_mean_square
from telephony.voice.ports import TextToSpeech

# Quieter than this nobody hears; a voice's leading silence would be waiting time.
_AUDIBLE: Final = 80
# "Nine hundred and eleven" is no number that a frightened caller can dial.
EMERGENCY_NUMBERS: Final = ("911", "112", "999", "000")
_EMERGENCY: Final = re.compile(rf"\b({'|'.join(EMERGENCY_NUMBERS)})\b")


class Speak:
    """Emits the sound of a `Saying` piece by piece, its leading silence left out."""

    name = "speak"

    def __init__(self, voice: TextToSpeech, emit: Callable[[Spoken], None]) -> None:
        """Speak with `voice`."""
        self._voice = voice
        self._emit = emit

    async def handle(self, frame: Saying) -> None:
        """Emit sound as it comes, and the end."""
        is_audible = False
        words = aloud(frame.text)
        async for piece in self._voice.speak(words, language=frame.language):
            pcm = piece if is_audible else trim_silence(piece)
            if pcm:
                is_audible = True
                self._emit(Spoken(pcm=pcm, saying=frame, is_last=False))
        self._emit(Spoken(pcm=b"", saying=frame, is_last=True))


def aloud(text: str) -> str:
    """Return the text as a voice should read it: emergency numbers digit by digit."""
    return _EMERGENCY.sub(lambda found: " ".join(found.group()), text)


def trim_silence(pcm: bytes) -> bytes:
    """Return the sound from its first audible 20 ms on."""
    for start in range(0, len(pcm), FRAME_BYTES):
        if root_mean_square(pcm[start : start + FRAME_BYTES], 2) > _AUDIBLE:
            return pcm[start:]
    return b""
