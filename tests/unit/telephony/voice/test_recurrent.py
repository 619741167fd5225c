from pathlib import Path

import numpy as np
import pytest

from benchmarks.recurrent_teacher import Pupil
from telephony.voice.recurrent import Memory, Weights
from telephony.voice.timbre import INPUTS


@pytest.fixture
def pupil() -> Pupil:
    return Pupil(np.random.default_rng(1))


@pytest.fixture
def told() -> np.ndarray:
    return np.random.default_rng(2).normal(size=(6, INPUTS)).astype(np.float32)


class TestMemory:
    def test_scores_as_the_pupil_did(self, pupil: Pupil, told: np.ndarray) -> None:
        memory = Memory(pupil.weights.halved())

        scores = [memory.step(row) for row in told]

        assert scores == pytest.approx(pupil.forwards(told[:, None])[:, 0], abs=1e-5)

    def test_begins_anew(self, pupil: Pupil, told: np.ndarray) -> None:
        memory = Memory(pupil.weights.halved())
        first = [memory.step(row) for row in told]

        memory.begin()

        assert [memory.step(row) for row in told] == first

    def test_reads_what_was_written(self, pupil: Pupil, tmp_path: Path) -> None:
        np.savez(tmp_path / "learned.npz", **pupil.weights._asdict())

        read = Weights.read(tmp_path / "learned.npz")

        assert all(
            np.array_equal(one, other)
            for one, other in zip(read, pupil.weights, strict=True)
        )


class TestPupil:
    def test_goes_back_the_way_it_came(self, pupil: Pupil, told: np.ndarray) -> None:
        error = np.random.default_rng(3).normal(size=(6, 1)).astype(np.float32)
        pupil.forwards(told[:, None])
        slopes = pupil.backwards(error)

        for weight, slope in zip(pupil.weights, slopes, strict=True):
            place = tuple(size // 2 for size in weight.shape)
            weight[place] += 0.01
            above = float((pupil.forwards(told[:, None]) * error).sum())
            weight[place] -= 0.02
            below = float((pupil.forwards(told[:, None]) * error).sum())
            weight[place] += 0.01
            assert slope[place] == pytest.approx((above - below) / 0.02, abs=0.01)
