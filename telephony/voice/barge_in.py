"""Whether a caller who makes a sound while we speak means to take the turn.

"Mm-hm" and "uh-huh" tell us to go on; a word tells us to stop. What tells them apart
within a quarter of a second is how the sound *moves*: a hum stays below 1 kHz, "uh-huh"
is one vowel with a breath in its middle, while in a word the mouth moves on, hisses or
closes. The shape of the spectrum is read from how like the sound is to itself one and
two samples later (normalised autocorrelation, half a microsecond each in `audioop`).

The figures were set on `benchmarks/barge_in.py`'s words for tuning and are judged there
on other words and other voices.
"""

from collections.abc import Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from telephony.voice.background import Background
from telephony.voice.frames import FRAME_BYTES
from telephony.voice.pcm import best_factor, best_match, root_mean_square

# How sure the detector must have been lately that this is a voice; its doubt within a
# word (a closure, a hiss) is borne for 10 frames.
_VOICE_AT_LEAST: Final = 0.7
_DOUBT_FRAMES: Final = 10

# Below this it has heard no voice yet; what came before may be an "s" it cannot know.
_NO_VOICE_BELOW: Final = 0.2
_ONSET_FRAMES: Final = 8
_MOST_FRAMES: Final = 48

# How far a caller stands out: of the quietest moment, of a room that talks, and of the
# quietest when all else failed and only going on for long counts.
_ABOVE_QUIETEST: Final = 4.5
_ABOVE_USUAL: Final = 3.0
_FAR_ABOVE_QUIETEST: Final = 20.0
_LONG_FRAMES: Final = 32

# The vowel or hum that carries a syllable is this part of the loudest, and is no hiss;
# a dip between two is this part at most.
_CARRIES: Final = 0.33
_DIPS: Final = 0.3
_HISS_BELOW: Final = 0.1
_VOICED_ABOVE: Final = 0.15
_HUM_ABOVE: Final = 0.94

# A "p" or "t" let go, louder and rougher than the breath in "mm-hm".
_BURST: Final = 0.07
_BURST_BELOW: Final = 0.8

_MOVES_BY: Final = 0.45
_STILL_BELOW: Final = 0.25
_LOWER_BY: Final = 0.15
_LOWER_PART: Final = 0.3

# A vowel that has not moved may be the first half of "uh-huh" for a frame longer.
_MOVED_FRAMES: Final = 9
_STILL_FRAMES: Final = 10
_BREATH_FRAMES: Final = 7

# One voice repeats itself with its pitch; breath does not, a crowd hardly.
_REPEATS: Final = 0.7
_PITCH_BYTES: Final = 240
_SHORTEST_PITCH_BYTES: Final = 36
_LONGEST_PITCH_BYTES: Final = 220


class Sound(NamedTuple):
    """What 20 ms sound like.

    Attributes:
        loudness: Root mean square in 16-bit steps.
        near: Likeness to itself one sample on: near 1 below 1 kHz, 0 for a hiss.
        far: The same two samples on: sinks from 0.9 to -0.5 as formants rise.
        pcm: The sound with the 20 ms before it.
    """

    loudness: int
    near: float
    far: float
    pcm: bytes


class BargeInJudge:
    """Weighs one caller's sound, 20 ms by 20 ms, while we speak."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._sounds: list[Sound] = []
        self._voice_left = 0
        self._before = b""

    def begin(self) -> None:
        """Forget what was heard; costs nothing when that was nothing."""
        if self._before:
            self._sounds.clear()
            self._voice_left = 0
            self._before = b""

    def weigh(
        self, pcm: bytes, *, loudness: int, probability: float, background: Background
    ) -> bool:
        """Return whether the caller takes the turn, with these 20 ms heard."""
        sounds = self._sounds
        near = best_factor(pcm[2:], pcm[:-2])
        far = best_factor(pcm[4:], pcm[:-4])
        sounds.append(Sound(loudness, near, far, self._before + pcm))
        self._before = pcm
        if probability >= _VOICE_AT_LEAST:
            self._voice_left = _DOUBT_FRAMES
        elif self._voice_left:
            self._voice_left -= 1
        is_onset = not self._voice_left and probability < _NO_VOICE_BELOW
        del sounds[: -_ONSET_FRAMES if is_onset else -_MOST_FRAMES]
        return self._voice_left > 0 and takes_turn(sounds, background)


def takes_turn(sounds: Sequence[Sound], background: Background) -> bool:
    """Return whether these sounds are a word rather than a murmur or a noise."""
    loudest = max(sound.loudness for sound in sounds)
    if loudest < _ABOVE_QUIETEST * background.quietest:
        return False
    least = _CARRIES * loudest
    carrying = [
        place
        for place, sound in enumerate(sounds)
        if sound.loudness >= least and sound.near > _VOICED_ABOVE
    ]
    vowels = [sounds[place] for place in carrying if sounds[place].near < _HUM_ABOVE]
    stands_out = loudest >= _ABOVE_USUAL * background.usual
    if stands_out and _bursts(sounds, loudest, background):
        return True
    if len(vowels) < 2:
        return False
    if stands_out and _moves([sounds[place] for place in carrying], vowels):
        return True
    is_word = stands_out and (
        _hisses(sounds, loudest, background)
        or _is_no_murmur(sounds, carrying, vowels, loudest, background)
    )
    if not is_word and not _goes_on(sounds, carrying, vowels, loudest, background):
        return False
    return any(_repeats(vowel) for vowel in _loudest_two(vowels))


def _bursts(sounds: Sequence[Sound], loudest: int, background: Background) -> bool:
    """Return whether the mouth shut and burst open: "vous pouvez" is else all hum."""
    silent_below = _silent_below(loudest, background)
    was_silent = was_loud = False
    for sound in sounds:
        is_burst = sound.loudness >= _BURST * loudest and sound.near < _BURST_BELOW
        if was_loud and was_silent and is_burst:
            return True
        was_silent = sound.loudness < silent_below
        was_loud = was_loud or sound.loudness >= _CARRIES * loudest
    return False


def _moves(carrying: Sequence[Sound], vowels: Sequence[Sound]) -> bool:
    """Return whether the mouth moved between one voiced sound and another."""
    if len(vowels) < 4:
        return False
    moved_at = max(sound.far for sound in carrying) - _MOVES_BY
    moved = [sound for sound in carrying if sound.far <= moved_at]
    return any(_repeats(sound) for sound in _loudest_two(moved))


def _hisses(sounds: Sequence[Sound], loudest: int, background: Background) -> bool:
    """Return whether there is an "s" or its like, however faint on the telephone."""
    least = max(3 * background.quietest, 0.02 * loudest)
    hisses = [s for s in sounds if s.loudness > least and s.near < _HISS_BELOW]
    return len(hisses) >= 2


def _is_no_murmur(
    sounds: Sequence[Sound],
    carrying: Sequence[int],
    vowels: Sequence[Sound],
    loudest: int,
    background: Background,
) -> bool:
    """Return whether this has lasted long enough, and is neither hum nor "uh-huh"."""
    if len(vowels) < 0.5 * len(carrying):
        return False
    fars = [sounds[place].far for place in carrying]
    is_still = max(fars) - min(fars) < _STILL_BELOW
    started = next(i for i, s in enumerate(sounds) if s.loudness >= 0.1 * loudest)
    age = len(sounds) - started
    if age < (_STILL_FRAMES if is_still else _MOVED_FRAMES):
        return False
    most = _DIPS * loudest
    after = range(carrying[0], len(sounds))
    start = next((i for i in after if sounds[i].loudness < most), len(sounds))
    dip = list(takewhile(lambda sound: sound.loudness < most, sounds[start:]))
    if len(dip) < 2 or not is_still:
        return True
    vowel = sounds[max(place for place in carrying if place < start)]
    return _closes(dip, loudest, background) or _voices(dip, vowel, loudest, background)


def _closes(dip: Sequence[Sound], loudest: int, background: Background) -> bool:
    """Return whether the mouth shut in the dip, where "uh-huh" breathes."""
    if len(dip) >= _BREATH_FRAMES:
        return True
    silent_below = _silent_below(loudest, background)
    return any(sound.loudness < silent_below for sound in dip)


def _silent_below(loudest: int, background: Background) -> float:
    """Return what is silence beside this voice; 0 if the line is too noisy to tell."""
    silent_below = max(0.03 * loudest, 1.2 * background.quietest)
    return silent_below if silent_below < 0.05 * loudest else 0.0


def _voices(
    dip: Sequence[Sound], vowel: Sound, loudest: int, background: Background
) -> bool:
    """Return whether the dip is an "n" or "v": lower than the vowel, not breathier."""
    lower = vowel.far + min(_LOWER_BY, _LOWER_PART * (1 - vowel.far))
    least = max(0.025 * loudest, 1.5 * background.quietest)
    return any(sound.loudness > least and sound.far >= lower for sound in dip)


def _goes_on(
    sounds: Sequence[Sound],
    carrying: Sequence[int],
    vowels: Sequence[Sound],
    loudest: int,
    background: Background,
) -> bool:
    """Return whether this is longer than any murmur and clearly near the telephone."""
    return (
        carrying[-1] - carrying[0] >= _LONG_FRAMES
        and len(vowels) >= 0.6 * len(carrying)
        and sounds[-1].loudness >= _CARRIES * loudest
        and loudest >= _FAR_ABOVE_QUIETEST * background.quietest
    )


def _loudest_two(sounds: Sequence[Sound]) -> list[Sound]:
    return sorted(sounds, key=lambda sound: sound.loudness)[-2:]


def _repeats(sound: Sound) -> bool:
    """Return whether the last 15 ms are like some 15 ms one pitch period before."""
    pcm = sound.pcm
    if len(pcm) < 2 * FRAME_BYTES:
        return True
    newest = pcm[-_PITCH_BYTES:]
    before = pcm[-_PITCH_BYTES - _LONGEST_PITCH_BYTES : -_SHORTEST_PITCH_BYTES]
    offset, factor = best_match(before, newest)
    match = before[offset * 2 : offset * 2 + _PITCH_BYTES]
    likeness = factor * root_mean_square(newest, 2)
    return likeness >= _REPEATS * root_mean_square(match, 2)
