"""What the callers of the load say: words as a telephone carries them, and quiet."""

from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from benchmarks.labelled_sound import RATE, Mouth, Wave, at_level, end_of, onset_of
from benchmarks.phrases import SENTENCES
from telephony.voice.frames import FRAME_MS
from telephony.voice.pcm import TO_G711

LEVEL_DB: Final = -20
FLOOR_DB: Final = -70
_FRAME: Final = RATE * FRAME_MS // 1000


class Said(NamedTuple):
    """A cycle as a file of mu-law; `speech` frames of it are speech."""

    path: Path
    speech: int


def say(folder: Path, *, speech_ms: int, quiet_ms: int) -> Said:
    """Write so much speech, without a pause, and then so much of a quiet line."""
    chance = np.random.default_rng(22)
    with Mouth() as mouth:
        words = [mouth.say(text, "en-us", 165) for text in SENTENCES]
    speech = _without_pauses(words, speech_ms * RATE // 1000)
    line = np.concatenate((speech, np.zeros(quiet_ms * RATE // 1000)))
    line += chance.normal(0, 10 ** (FLOOR_DB / 20), len(line))
    line = line[: len(line) // _FRAME * _FRAME]
    pcm = np.clip(np.round(line * 32_767), -32_768, 32_767).astype("<i2").tobytes()
    path = folder / f"caller-{speech_ms}-{quiet_ms}.ulaw"
    path.write_bytes(TO_G711["PCMU"](pcm, 2))
    return Said(path, len(speech) // _FRAME)


def _without_pauses(words: list[Wave], length: int) -> Wave:
    """Return so many samples of speech, whose end is the end of a sound."""
    level = [at_level(wave, LEVEL_DB) for wave in words]
    whole = np.concatenate([wave[onset_of(wave) : end_of(wave)] for wave in level])
    # From the end: the last sound of a sentence is the truth that pauses are timed by.
    return whole[len(whole) - length // _FRAME * _FRAME :]
