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
# Of an object's size, and its floor. The first two are calls of four seconds and of a
# quarter of a minute, in which making and wrapping the key (11 µs) weighs most: the
# goal is theirs too, the floor is lower. Then calls of one minute and of four.
OBJECTS: Final = ((64, 0.6), (256, 0.6), (1020, FLOOR), (4080, FLOOR))
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

    name = "a piece of 64 KB sealed"
    return [
        _compared(name, piece, alone, PIECE_BYTES, pairs, FLOOR),
        *(_object(size, floor, pairs) for size, floor in OBJECTS),
    ]


def _object(size_kb: int, floor: float, pairs: int) -> Figure:
    """Seal so much sound in the pieces of a recording, bare in the same ones."""
    sound, bare = os.urandom(size_kb * 1024), AESGCM(new_key())
    pieces = [sound[at : at + PIECE_BYTES] for at in range(0, len(sound), PIECE_BYTES)]

    def ours() -> None:
        key = new_key()
        wrapping = derive(_MONTH, purpose=b"call" + _CALL.bytes)
        seal(wrapping, key, Place(_ORGANIZATION, "call_keys", "key", _CALL))
        sealer = PieceSealer(key, _PLACE)
        for number, piece in enumerate(pieces):
            sealer.seal(piece, piece=number, is_last=False)

    def alone() -> None:
        for piece in pieces:
            bare.encrypt(os.urandom(12), piece, None)

    name = f"{size_kb} KB sealed under a key of its own"
    return _compared(name, ours, alone, len(sound), pairs, floor)


def _compared(
    name: str,
    ours: Callable[[], None],
    alone: Callable[[], None],
    size: int,
    pairs: int,
    floor: float,
) -> Figure:
    times = max(1, _BYTES_A_TURN // size)
    sealed, bare = [], []
    for _ in range(pairs):
        own, other = 0.0, 0.0
        for _ in range(_TURNS):
            own += _seconds(ours, times)
            other += _seconds(alone, times)
        done = _TURNS * times * size / 1e9
        sealed.append(done / own)
        bare.append(done / other)
    ratios = [one / beside for one, beside in zip(sealed, bare, strict=True)]
    return Figure(
        name=f"{name} / bare AES-GCM",
        value=middle(ratios),
        unit="x",
        goal=GOAL,
        floor=floor,
        more_is_better=True,
        note=f"{spread(ratios)} of {pairs} pairs; {middle(sealed):.1f} and "
        f"{middle(bare):.1f} GB/s",
    )


def _seconds(work: Callable[[], None], times: int) -> float:
    began = time.thread_time()
    for _ in range(times):
        work()
    return time.thread_time() - began
