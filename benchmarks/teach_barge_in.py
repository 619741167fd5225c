"""Makes ``telephony/voice/barge_in.npz``: what `telephony.voice.barge_in` has learned.

``python -m benchmarks.teach_barge_in`` takes some ten minutes on one processor. The
lessons (`benchmarks.barge_in_lessons`) are heard through the stage itself, so that what
is taught is what will be told. How sure is sure enough is set on lessons of other
chance; nothing here knows what `benchmarks.barge_in` judges.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from benchmarks import barge_in_lessons as lessons
from benchmarks.barge_in import AGENT_SPEAKS_FROM_MS, percentile
from benchmarks.handsets import altered
from benchmarks.labelled_sound import (
    RATE,
    Mouth,
    Wave,
    at_level,
    crowd,
    noise,
    onset_of,
    over_the_telephone,
    without_low,
)
from benchmarks.recurrent_teacher import Array, Lesson, teach
from telephony.voice.adapters.silero import SharedSilero
from telephony.voice.background import Background
from telephony.voice.barge_in import WEIGHTS, BargeInJudge
from telephony.voice.frames import FRAME_BYTES, FRAME_MS, Audio
from telephony.voice.recurrent import Memory, Weights
from telephony.voice.stages.detect_speech import DetectSpeech
from telephony.voice.timbre import Timbre

_ROUNDS: Final = 60
_AT_ONCE: Final = 400

# Of murmurs, noises and rooms that were not taught so many may stop us, in percent.
_FALSE_AT_MOST: Final = 2.0

# A vowel that does not move may be the first half of "uh-huh" for so much longer.
_HELD_LATER_MS: Final = 110

# Six people who begin at once are taught with this weight: with a whole one, recorded
# people who speak in a room with echo are taken for such a crowd.
_CROWD_AT_ONCE: Final = 0.1


class Notebook(BargeInJudge):
    """Takes the judge's place and writes down what it would be told."""

    def __init__(self) -> None:
        super().__init__()
        self.now_ms = 0
        self.pages: list[list[tuple[int, int, Array]]] = []
        self._listens = Timbre()
        self._turns_page = True

    def begin(self) -> None:
        """Turn the page before the next sound."""
        self._turns_page = True

    def weigh(
        self, pcm: bytes, *, loudness: int, probability: float, background: Background
    ) -> bool:
        """Write down what would be told."""
        if self._turns_page:
            self._turns_page = False
            self._listens.begin()
            self.pages.append([])
        told = self._listens.tell(
            pcm, loudness=loudness, probability=probability, background=background
        )
        self.pages[-1].append((self.now_ms, loudness, told.copy()))
        return False


@dataclass
class Take:
    """One sound to be taught, as the telephone carries it."""

    kind: str
    pcm: bytes
    onset_ms: float
    notes: Notebook = field(default_factory=Notebook)

    def lessons(self) -> Iterator[Lesson]:
        """Yield what was heard of it, from each opening of the gate to its shutting."""
        loudest = max((row[1] for page in self.notes.pages for row in page), default=0)
        later_ms = _HELD_LATER_MS if self.kind == "word held" else 0
        for page in self.notes.pages:
            now_ms, loudness, told = zip(*page, strict=True)
            yield Lesson(
                is_word=self.kind.startswith("word"),
                weight=_CROWD_AT_ONCE if self.kind == "crowd at once" else 1.0,
                told=np.stack(told),
                late_ms=np.array(now_ms) - self.onset_ms - later_ms,
                is_loud=np.array(loudness) >= 0.2 * loudest,
            )


class Studio:
    """Makes the takes of one seed."""

    def __init__(self, seed: int, *, times: int) -> None:
        self._chance = np.random.default_rng(seed)
        self._times = times
        with Mouth() as mouth:
            self._words = [
                wave
                for _ in range(times)
                for wave in lessons.words(mouth, self._chance)
            ]
            self._murmurs = [
                wave
                for _ in range(4 * times)
                for wave in lessons.spoken_murmurs(mouth, self._chance)
            ]

    def takes(self) -> Iterator[Take]:
        """Yield them, some hundred of each kind and each of the times."""
        chance, times = self._chance, self._times
        for wave in self._words:
            yield self._take("word", wave[: int(1.2 * RATE)])
        for wave in self._murmurs:
            yield self._take("murmur spoken", wave)
        for kind, make, count in (
            ("word babble", lessons.babble, 250),
            ("word held", lessons.held_vowel, 60),
            ("murmur", lessons.murmur, 700),
            ("noise", lessons.any_noise, 700),
        ):
            for _ in range(count * times):
                yield self._take(kind, make(chance))
        for _ in range(100 * times):
            room = crowd(self._words, chance, 3.5)
            yield self._record("crowd behind", room, lead_s=0, room=None)
        for _ in range(200 * times):
            at_once = crowd(self._words, chance, 1.5)
            yield self._record("crowd at once", at_once, lead_s=2.1, room=None)

    def _take(self, kind: str, wave: Wave) -> Take:
        chance = self._chance
        if chance.integers(6):
            return self._record(kind, wave, lead_s=2.1, room=None)
        room = (
            crowd(self._words, chance, 4.0)
            if chance.integers(2)
            else noise(str(chance.choice(["pink", "white", "line hum"])), chance, 4.0)
        )
        return self._record(kind, wave, lead_s=chance.uniform(2.1, 3.3), room=room)

    def _record(
        self, kind: str, wave: Wave, *, lead_s: float, room: Wave | None
    ) -> Take:
        chance = self._chance
        wave = altered(wave, chance)
        if chance.integers(2):
            wave = without_low(wave)
        level_db = chance.uniform(-36, -8)
        wave = at_level(wave, level_db)
        lead = int(lead_s * RATE) + int(chance.integers(320))
        line = np.concatenate((np.zeros(lead), wave, np.zeros(int(0.6 * RATE))))
        floor_db = (None, -70, -60, -52)[int(chance.integers(4))]
        if floor_db is not None:
            line += chance.normal(0, 10 ** (floor_db / 20), len(line))
        if room is not None:
            behind_db = level_db - chance.uniform(12, 25)
            line += at_level(np.resize(room, len(line)), behind_db)
        return Take(kind, over_the_telephone(line), (lead + onset_of(wave)) / 8)


def listen(takes: Sequence[Take]) -> None:
    """Play them side by side through the stage, which writes into their notes."""
    shared = SharedSilero()
    stages = [DetectSpeech(shared.open(), judge=take.notes) for take in takes]
    for start in range(0, max(len(take.pcm) for take in takes), FRAME_BYTES):
        at_ms = start // FRAME_BYTES * FRAME_MS
        for take, stage in zip(takes, stages, strict=True):
            pcm = take.pcm[start : start + FRAME_BYTES]
            if len(pcm) == FRAME_BYTES:
                take.notes.now_ms = at_ms + FRAME_MS
                stage.agent_is_speaking = at_ms >= AGENT_SPEAKS_FROM_MS
                stage.handle(Audio(pcm=pcm, at_ms=at_ms), lambda _: None)
        shared.flush()


def heard(seed: int, *, times: int) -> list[Take]:
    """Return the takes of a seed with their notes."""
    takes = list(Studio(seed, times=times).takes())
    for start in range(0, len(takes), _AT_ONCE):
        listen(takes[start : start + _AT_ONCE])
    return takes


def highest(take: Take, weights: Weights) -> float:
    """Return how near it comes to stopping us; 0 is enough."""
    memory = Memory(weights)
    scores = [-np.inf]
    for lesson in take.lessons():
        memory.begin()
        scores += [memory.step(told) for told in lesson.told]
    return max(scores)


def sure_enough(weights: Weights, takes: Sequence[Take]) -> Weights:
    """Return them such that as many as allowed of what is no word score above 0."""
    halved = weights.halved()
    scores = [
        highest(take, halved)
        for take in takes
        if not take.kind.startswith(("word", "crowd at once"))
    ]
    enough = percentile(scores, 100 - _FALSE_AT_MOST)
    return weights._replace(score_bias=weights.score_bias - np.float32(enough))


def main() -> None:
    """Teach, set how sure is sure enough, and write the weights."""
    taught = [lesson for take in heard(1, times=3) for lesson in take.lessons()]
    print(len(taught), "lessons")
    weights = teach(taught, rounds=_ROUNDS, seed=0)
    weights = sure_enough(weights, heard(2, times=1))
    np.savez(WEIGHTS, **weights._asdict())


if __name__ == "__main__":
    main()
