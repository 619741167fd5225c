"""The one door to `audioop`, which does the arithmetic on sound.

Python 3.11 and 3.12 carry it and warn that it will go; from 3.13 on the package
`audioop-lts` gives it back under the same name. The warning is silenced here so that
no other file has to know.
"""

import warnings
from collections.abc import Callable
from typing import Final

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

Translate = Callable[[bytes, int], bytes]

# Written out beside each other because one call in three is PCMA (Europe, India).
FROM_G711: Final[dict[str, Translate]] = {
    "PCMU": audioop.ulaw2lin,
    "PCMA": audioop.alaw2lin,
}
TO_G711: Final[dict[str, Translate]] = {
    "PCMU": audioop.lin2ulaw,
    "PCMA": audioop.lin2alaw,
}

root_mean_square: Final[Callable[[bytes, int], int]] = audioop.rms
best_factor: Final[Callable[[bytes, bytes], float]] = audioop.findfactor
best_match: Final[Callable[[bytes, bytes], tuple[int, float]]] = audioop.findfit


def to_stereo(left: bytes, right: bytes) -> bytes:
    """Return two equally long mono sounds side by side, samples interleaved."""
    return audioop.add(
        audioop.tostereo(left, 2, 1, 0), audioop.tostereo(right, 2, 0, 1), 2
    )
