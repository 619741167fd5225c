"""Teaches `telephony.voice.recurrent` by example, in numpy: minutes on one processor.

A word counts by its two best frames of the first quarter second, so that whichever
sound gives it away may do so; whatever is no word by its three worst. All other frames
count a little, so that a long word is never forgotten.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from telephony.voice.recurrent import Weights
from telephony.voice.timbre import BANDS, INPUTS

Array = NDArray[np.float32]

UNITS: Final = 32
_AT_ONCE: Final = 128
_MOST_FRAMES: Final = 170
_RATE: Final = 0.004
_KEEPS: Final = 0.00001

# The figures of a frame lie between -1 and 1; so much chance is added to each.
_NOISE: Final = 0.1

_SOON_MS: Final = 250
_SURE_FROM_MS: Final = 170
_SURE_TO_MS: Final = 320


@dataclass
class Lesson:
    """One sound as it was told frame by frame.

    Attributes:
        is_word: Whether it is to stop us.
        weight: How much it counts.
        told: ``[frames, INPUTS]``.
        late_ms: When each frame ended, from the onset.
        is_loud: Whether a frame is within 14 dB of the loudest.
    """

    is_word: bool
    weight: float
    told: Array
    late_ms: NDArray[np.float64]
    is_loud: NDArray[np.bool_]


class Batch:
    """Lessons side by side, ``[frames, lessons]``, filled up with nothing."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        longest = min(_MOST_FRAMES, max(len(lesson.told) for lesson in lessons))
        shape = longest, len(lessons)
        self.told: Array = np.zeros((*shape, INPUTS), dtype=np.float32)
        self.late_ms = np.full(shape, -np.inf)
        self.is_loud = np.zeros(shape, dtype=bool)
        self.is_heard = np.zeros(shape, dtype=bool)
        self.is_word = np.array([lesson.is_word for lesson in lessons])
        self.weight = np.array([lesson.weight for lesson in lessons])
        for place, lesson in enumerate(lessons):
            heard = slice(min(longest, len(lesson.told)))
            self.told[heard, place] = lesson.told[heard]
            self.late_ms[heard, place] = lesson.late_ms[heard]
            self.is_loud[heard, place] = lesson.is_loud[heard]
            self.is_heard[heard, place] = True

    def blurred(self, chance: np.random.Generator) -> Array:
        """Return what was told with a little chance in it."""
        told = self.told + _NOISE * chance.normal(size=self.told.shape)
        told[:, :, :BANDS] += 0.05 * chance.normal(size=(len(self.is_word), BANDS))
        return told.astype(np.float32)


class Pupil:
    """The network while it learns: forwards, backwards, one step of Adam."""

    def __init__(self, chance: np.random.Generator) -> None:
        turn = [np.linalg.qr(chance.normal(size=(UNITS, UNITS)))[0] for _ in range(3)]
        first = Weights(
            told=chance.normal(0, INPUTS**-0.5, (INPUTS, 3 * UNITS)),
            kept=0.7 * np.concatenate(turn, axis=1),
            bias=np.repeat([1.0, 0.0, 0.0], UNITS),
            kept_bias=np.zeros(UNITS),
            score=chance.normal(0, UNITS**-0.5, UNITS),
            score_bias=-np.ones(1),
        )
        self.weights = Weights(*(part.astype(np.float32) for part in first))
        self._mean = [np.zeros_like(part) for part in self.weights]
        self._square = [np.zeros_like(part) for part in self.weights]
        self._steps = 0

    def forwards(self, told: Array) -> Array:
        """Return the scores; what was remembered is kept for the way back."""
        w = self.weights
        frames, lessons, _ = told.shape
        self._told = told
        self._kept = np.zeros((frames + 1, lessons, UNITS), dtype=np.float32)
        self._keep, self._reset, self._new, self._let = (
            np.empty((frames, lessons, UNITS), dtype=np.float32) for _ in range(4)
        )
        from_told = told @ w.told + w.bias
        for at in range(frames):
            from_kept = self._kept[at] @ w.kept
            gates = _sigmoid(from_told[at] + from_kept)
            self._keep[at], self._reset[at], _ = np.split(gates, 3, axis=1)
            self._let[at] = from_kept[:, 2 * UNITS :] + w.kept_bias
            new = from_told[at, :, 2 * UNITS :] + self._reset[at] * self._let[at]
            self._new[at] = np.tanh(new)
            held = self._keep[at] * (self._kept[at] - self._new[at])
            self._kept[at + 1] = held + self._new[at]
        scores: Array = self._kept[1:] @ w.score + w.score_bias
        return scores

    def backwards(self, error: Array) -> Weights:
        """Return the slope of the loss by each weight, from its slope by the scores."""
        w = self.weights
        by_told = np.empty((*error.shape, 3 * UNITS), dtype=np.float32)
        by_kept = np.empty_like(by_told)
        flow = np.zeros((error.shape[1], UNITS), dtype=np.float32)
        for at in reversed(range(len(error))):
            flow = flow + error[at][:, None] * w.score
            keep, reset, new = self._keep[at], self._reset[at], self._new[at]
            by_new = flow * (1 - keep) * (1 - new * new)
            by_keep = flow * (self._kept[at] - new) * keep * (1 - keep)
            by_reset = by_new * self._let[at] * reset * (1 - reset)
            by_told[at] = np.concatenate((by_keep, by_reset, by_new), axis=1)
            by_kept[at] = np.concatenate((by_keep, by_reset, by_new * reset), axis=1)
            flow = flow * keep + by_kept[at] @ w.kept.T
        return Weights(
            told=self._told.reshape(-1, INPUTS).T @ by_told.reshape(-1, 3 * UNITS),
            kept=self._kept[:-1].reshape(-1, UNITS).T @ by_kept.reshape(-1, 3 * UNITS),
            bias=by_told.sum((0, 1)),
            kept_bias=by_kept[:, :, 2 * UNITS :].sum((0, 1)),
            score=np.einsum("tbh,tb->h", self._kept[1:], error),
            score_bias=error.sum(keepdims=True)[0],
        )

    def step(self, gradient: Weights, rate: float) -> None:
        """Go a step of Adam against the gradient, which is cut to length 1."""
        length = np.sqrt(sum(float((part * part).sum()) for part in gradient))
        self._steps += 1
        parts = zip(self.weights, gradient, self._mean, self._square, strict=True)
        for weight, by, mean, square in parts:
            change = by / max(1.0, length) + _KEEPS * weight
            np.copyto(mean, 0.9 * mean + 0.1 * change)
            np.copyto(square, 0.998 * square + 0.002 * change * change)
            spread = np.sqrt(square / (1 - 0.998**self._steps)) + 1e-8
            speed = mean / (1 - 0.9**self._steps) / spread
            np.copyto(weight, weight - rate * speed, casting="same_kind")


def teach(lessons: Sequence[Lesson], *, rounds: int, seed: int) -> Weights:
    """Return the weights after so many rounds."""
    chance = np.random.default_rng(seed)
    pupil = Pupil(chance)
    for round_ in range(rounds):
        rows = list(_rows(lessons, chance))
        for place, row in enumerate(rows):
            done = (round_ + place / len(rows)) / rounds
            batch = Batch(row)
            error = _error(batch, pupil.forwards(batch.blurred(chance)))
            rate = _RATE * min(1.0, 50 * done) * (0.51 + 0.5 * np.cos(np.pi * done))
            pupil.step(pupil.backwards(error), rate)
    return pupil.weights


def _rows(
    lessons: Sequence[Lesson], chance: np.random.Generator
) -> Iterator[Sequence[Lesson]]:
    """Yield those that are taught at once, of like lengths, in any order."""
    lengths = np.array([len(lesson.told) for lesson in lessons])
    order = np.argsort(lengths + chance.uniform(0, 6, len(lengths)))
    starts = np.arange(0, len(order), _AT_ONCE)
    chance.shuffle(starts)
    for start in starts:
        yield [lessons[place] for place in order[start : start + _AT_ONCE]]


def _error(batch: Batch, scores: Array) -> Array:
    """Return how far each score is off, as the slope of the loss."""
    chance = _sigmoid(scores)
    word, other = batch.is_heard & batch.is_word, batch.is_heard & ~batch.is_word
    soon = word & (batch.late_ms > 0) & (batch.late_ms <= _SOON_MS)
    sure = (batch.late_ms >= _SURE_FROM_MS) & (batch.late_ms <= _SURE_TO_MS)
    later = batch.is_loud & (batch.late_ms > _SURE_TO_MS)
    for_word = 0.6 * _best(scores, soon, 2) + 0.06 * (word & (sure | later))
    for_other = 0.5 * _best(scores, other, 3) + 0.03 * other
    error = for_word * (chance - 1) + for_other * chance
    slope: Array = (error * batch.weight / len(batch.weight)).astype(np.float32)
    return slope


def _best(scores: Array, among: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
    """Return which frames are the highest of each lesson, at most so many."""
    ranked = np.where(among, scores, -np.inf)
    count = min(count, len(ranked))
    least = np.partition(ranked, -count, axis=0)[-count]
    return among & (ranked >= least)


def _sigmoid(value: Array) -> Array:
    return 0.5 + 0.5 * np.tanh(0.5 * value)
