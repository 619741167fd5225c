"""Whether a caller who makes a sound while we speak means to take the turn.

"Mm-hm" and "uh-huh" tell us to go on; a word tells us to stop. What tells them apart
within a quarter of a second is how the sound moves: a hum stays low, "uh-huh" is one
vowel with a breath in its middle, while in a word the mouth moves on, hisses or closes.
A small network has learned that from `benchmarks/teach_barge_in.py`'s lessons and is
judged on other words, voices and murmurs (`benchmarks/barge_in.py`).
"""

from pathlib import Path
from typing import Final

from telephony.voice.background import Background
from telephony.voice.recurrent import Memory, Weights
from telephony.voice.timbre import Timbre

WEIGHTS: Final = Path(__file__).with_suffix(".npz")

# The network was taught few noises, the detector many: it must have thought of a voice
# of late, if not for sure, since it hesitates for 100 ms and more. Its doubt within a
# word (a closure, a hiss) lasts as long.
_VOICE_AT_LEAST: Final = 0.2
_DOUBT_FRAMES: Final = 12

# Nobody murmurs for so long: a voice that is sure and near is no "mm-hm" then. Of a
# room that talks no moment is so far above the quietest.
_SURE_AT: Final = 0.9
_CLEARLY_ABOVE: Final = 15.0
_MOST_MURMURED_FRAMES: Final = 40

_learned: Final = Weights.read(WEIGHTS).halved()


class BargeInJudge:
    """Weighs one caller's sound, 20 ms by 20 ms, while we speak."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._timbre = Timbre()
        self._memory = Memory(_learned)
        self._voice_left = 0
        self._sure_frames = 0
        self._is_fresh = True

    def begin(self) -> None:
        """Forget what was heard; costs nothing when that was nothing."""
        if self._is_fresh:
            return
        self._is_fresh = True
        self._voice_left = 0
        self._sure_frames = 0
        self._timbre.begin()
        self._memory.begin()

    def weigh(
        self, pcm: bytes, *, loudness: int, probability: float, background: Background
    ) -> bool:
        """Return whether the caller takes the turn, with these 20 ms heard."""
        self._is_fresh = False
        if probability >= _VOICE_AT_LEAST:
            self._voice_left = _DOUBT_FRAMES
        elif self._voice_left:
            self._voice_left -= 1
        if loudness >= _CLEARLY_ABOVE * background.quietest:
            self._sure_frames += probability >= _SURE_AT
        told = self._timbre.tell(
            pcm, loudness=loudness, probability=probability, background=background
        )
        takes_turn = self._memory.step(told) > 0 and self._voice_left > 0
        return takes_turn or self._sure_frames >= _MOST_MURMURED_FRAMES
