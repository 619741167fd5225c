"""A small network with memory: a gated recurrent unit and one score.

At each step it weighs what it is told against what it remembers, for 5 µs; what it
learned is a file of weights.

Source:
    Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder", in the
    form of cuDNN (the reset gate after the product).
"""

from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Weights(NamedTuple):
    """What was learned; `units` of memory, gates side by side: keep, reset, new.

    Attributes:
        told: ``[inputs, 3 * units]``.
        kept: ``[units, 3 * units]``.
        bias: ``[3 * units]``.
        kept_bias: ``[units]``, of what the reset gate lets through.
        score: ``[units]``.
        score_bias: ``[1]``.
    """

    told: Floats
    kept: Floats
    bias: Floats
    kept_bias: Floats
    score: Floats
    score_bias: Floats

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the weights in a file of `numpy.savez`."""
        with np.load(path, allow_pickle=False) as file:
            return cls(**{name: file[name] for name in cls._fields})

    def halved(self) -> Self:
        """Return them with both gates' halved, for `Memory`'s way to a sigmoid."""
        gates = 2 * len(self.score)
        told, kept, bias = self.told.copy(), self.kept.copy(), self.bias.copy()
        told[:, :gates] *= 0.5
        kept[:, :gates] *= 0.5
        bias[:gates] *= 0.5
        return self._replace(told=told, kept=kept, bias=bias)


class Memory:
    """What the network remembers of one call."""

    def __init__(self, weights: Weights) -> None:
        """Remember nothing; `weights` are `Weights.halved`."""
        self._weights = weights
        self._units = len(weights.score)
        self._bias = float(weights.score_bias[0])
        self._kept: Floats = np.zeros(self._units, dtype=np.float32)

    def begin(self) -> None:
        """Forget."""
        self._kept = np.zeros(self._units, dtype=np.float32)

    def step(self, told: Floats) -> float:
        """Take note of one step more and return the score."""
        weights, kept, units = self._weights, self._kept, self._units
        from_told = told.dot(weights.told)
        from_told += weights.bias
        from_kept = kept.dot(weights.kept)
        # The sigmoid is (1 + tanh(x / 2)) / 2, and one call of numpy instead of three.
        gates = from_told[: 2 * units]
        gates += from_kept[: 2 * units]
        np.tanh(gates, out=gates)
        gates *= np.float32(0.5)
        gates += np.float32(0.5)
        new = from_kept[2 * units :]
        new += weights.kept_bias
        new *= gates[units:]
        new += from_told[2 * units :]
        np.tanh(new, out=new)
        kept = kept - new
        kept *= gates[:units]
        kept += new
        self._kept = kept
        return float(kept.dot(weights.score)) + self._bias
