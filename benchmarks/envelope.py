"""Sealing sound as the product does, beside AES-GCM and nothing else.

Bare is one call of `cryptography` with a key made ready beforehand, a random nonce and
nothing authenticated beside the text. Ours has a key of its own for each object, made
and wrapped in the measured time, and its place authenticated with each piece. Both take
turns, a few at a time, and processor time is counted: others work beside us.
"""

import os
import time
from collections.abc import Callable
from typing import Final
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.figures import Figure, middle, spread
from compliance.keys.sealing import PieceSealer, Place, derive, new_key, seal
from recordings.object_file import PIECE_BYTES

GOAL, FLOOR = 0.85, 0.75
# The first is a call of four seconds; the others of a minute and of four.
PIECES: Final = (1, 16, 64)
_BYTES_A_TURN: Final = 4 << 20
_TURNS: Final = 60

_MONTH: Final = new_key()
_ORGANIZATION, _CALL = uuid4(), uuid4()
_PLACE: Final = Place(_ORGANIZATION, "recordings_recording", "sound", _CALL)


def measure(*, pairs: int) -> list[Figure]:
    """Return the ratio of a single piece, then of objects with a key of their own."""
    plain = os.urandom(PIECE_BYTES)
    sealer, bare = PieceSealer(new_key(), _PLACE), AESGCM(new_key())

    def piece() -> None:
        sealer.seal(plain, piece=7, is_last=False)

    def alone() -> None:
        bare.encrypt(os.urandom(12), plain, None)

    return [
        _compared("a piece of 64 KB sealed", piece, alone, 1, pairs),
        *(_object(plain, count, pairs) for count in PIECES),
    ]


def _object(plain: bytes, count: int, pairs: int) -> Figure:
    bare = AESGCM(new_key())

    def ours() -> None:
        key = new_key()
        wrapping = derive(_MONTH, purpose=b"call" + _CALL.bytes)
        seal(wrapping, key, Place(_ORGANIZATION, "call_keys", "key", _CALL))
        sealer = PieceSealer(key, _PLACE)
        for number in range(count):
            sealer.seal(plain, piece=number, is_last=False)

    def alone() -> None:
        for _ in range(count):
            bare.encrypt(os.urandom(12), plain, None)

    size = f"{count * PIECE_BYTES // 1024} KB"
    # Making and wrapping a key takes 11 µs, longer than to seal one piece: so short an
    # object is shown and not judged.
    goal = GOAL if count > 1 else None
    name = f"{size} sealed under a key of its own"
    return _compared(name, ours, alone, count, pairs, goal)


def _compared(
    name: str,
    ours: Callable[[], None],
    alone: Callable[[], None],
    count: int,
    pairs: int,
    goal: float | None = GOAL,
) -> Figure:
    times = max(1, _BYTES_A_TURN // (count * PIECE_BYTES))
    sealed, bare = [], []
    for _ in range(pairs):
        own, other = 0.0, 0.0
        for _ in range(_TURNS):
            own += _seconds(ours, times)
            other += _seconds(alone, times)
        done = _TURNS * times * count * PIECE_BYTES / 1e9
        sealed.append(done / own)
        bare.append(done / other)
    ratios = [one / beside for one, beside in zip(sealed, bare, strict=True)]
    return Figure(
        name=f"{name} / bare AES-GCM",
        value=middle(ratios),
        unit="x",
        goal=goal,
        floor=FLOOR if goal else None,
        more_is_better=True,
        note=f"{spread(ratios)} of {pairs} pairs; {middle(sealed):.1f} and "
        f"{middle(bare):.1f} GB/s",
    )


def _seconds(work: Callable[[], None], times: int) -> float:
    began = time.thread_time()
    for _ in range(times):
        work()
    return time.thread_time() - began
