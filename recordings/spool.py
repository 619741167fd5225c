"""A call's sound while it lasts: sealed half-seconds in one file under SPOOL_DIR.

Each piece is 25 ticks of 20 ms: four bytes saying which ticks were kept, then 4 000
bytes of the caller and 4 000 of ours, both mu-law at 8 000 Hz, sealed under the call's
own key for its place in the file. All sealed pieces are equally long, so that a stretch
can be overwritten in place and a file cut off by a crash loses its last piece at most.

Who writes holds the file, and the system lets go of what a dead process held: a sound
is never stored while a line still adds to it.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Final
from uuid import UUID

from compliance.keys.call_sealer import CallSealer
from compliance.keys.sealing import OVERHEAD_BYTES, Place, seal, unseal
from sondervoice.kernel.errors import SonderError

TICK_MS: Final = 20
TICKS: Final = 25
PIECE_MS: Final = TICK_MS * TICKS
TICK_BYTES: Final = 160
SIDE_BYTES: Final = TICK_BYTES * TICKS
MASK_BYTES: Final = 4
SEALED_BYTES: Final = MASK_BYTES + 2 * SIDE_BYTES + OVERHEAD_BYTES
SILENCE: Final = b"\xff"
_SUFFIX: Final = ".spool"
# The carrier says on two ways that a call is over, and the other way may be faster.
LETS_GO_WITHIN_S: Final = 2.0


class SpoolBusyError(SonderError):
    """The line still writes; ask again."""

    code = "spool_busy"


class SpoolLateError(SonderError):
    """The line may still bring its spool; ask again."""

    code = "spool_late"


@dataclass(slots=True)
class Piece:
    """Half a second of both sides.

    Attributes:
        kept: Bit n is set when tick n was kept.
        caller: 4 000 bytes of mu-law.
        agent: 4 000 bytes of mu-law.
    """

    number: int
    kept: int
    caller: bytearray
    agent: bytearray

    @classmethod
    def silent(cls, number: int) -> "Piece":
        """Return a piece in which nothing was kept."""
        return cls(
            number, 0, bytearray(SILENCE * SIDE_BYTES), bytearray(SILENCE * SIDE_BYTES)
        )


def spool_path(directory: Path, organization_id: UUID, call_id: UUID) -> Path:
    """Return where a call's spool lies."""
    return directory / str(organization_id) / f"{call_id}{_SUFFIX}"


def have_spool(
    directory: Path, organization_id: UUID, call_ids: Iterable[UUID]
) -> set[UUID]:
    """Return those of the calls that have a spool.

    The folder is read once, for few are in it: calls that go on, and what was left.
    """
    names = {f"{one}{_SUFFIX}": one for one in call_ids}
    try:
        with os.scandir(directory / str(organization_id)) as entries:
            return {names[one.name] for one in entries if one.name in names}
    except FileNotFoundError:
        return set()


@contextmanager
def removing(paths: Iterable[Path]) -> Iterator[None]:
    """Hold these files against who reads or writes them, and remove them at the end.

    What is being stored lands in storage before they can be held, or not at all. Files
    that are not there are passed over.

    Raises:
        SpoolBusyError: If somebody holds one. None is removed then.
    """
    with ExitStack() as held:
        there = []
        for path in paths:
            try:
                descriptor = _held(path, 0, fcntl.LOCK_EX)
            except FileNotFoundError:
                continue
            held.callback(os.close, descriptor)
            there.append(path)
        yield
        for path in there:
            path.unlink(missing_ok=True)


def _held(path: Path, flags: int, lock: int) -> int:
    """Return a descriptor that holds the file.

    Raises:
        SpoolBusyError: If somebody else holds it.
    """
    descriptor = os.open(path, os.O_RDWR | flags, 0o600)
    try:
        fcntl.flock(descriptor, lock | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise SpoolBusyError from None
    return descriptor


class Spool:
    """Reads and writes one call's pieces; blocking, for a thread."""

    def __init__(self, path: Path, sealer: CallSealer) -> None:
        """Use the file at `path`, which is made when first written."""
        self._path = path
        self._sealer = sealer
        self._held: int | None = None

    def write(self, piece: Piece) -> None:
        """Write a piece in its place, over what is there; hold the file from now on."""
        plain = (
            piece.kept.to_bytes(MASK_BYTES, "big")
            + bytes(piece.caller)
            + bytes(piece.agent)
        )
        sealed = seal(self._sealer.key, plain, self._place(piece.number))
        if self._held is None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._held = self._hold(os.O_CREAT, fcntl.LOCK_SH)
        os.pwrite(self._held, sealed, piece.number * SEALED_BYTES)

    def hold(self) -> None:
        """Hold the file against all who write, to read it to its end.

        A line that is just ending is waited for.

        Raises:
            SpoolBusyError: If somebody writes to it.
            FileNotFoundError: If there is none.
        """
        until_s = monotonic() + LETS_GO_WITHIN_S
        while self._held is None:
            try:
                self._held = self._hold(0, fcntl.LOCK_EX)
            except SpoolBusyError:
                if monotonic() >= until_s:
                    raise
                sleep(0.05)
        if not os.fstat(self._held).st_nlink:
            # It was removed between being opened and being held.
            self.release()
            raise FileNotFoundError(self._path)

    def release(self) -> None:
        """Let go of the file; doing so twice is harmless."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def __del__(self) -> None:
        # A line that broke off has let nobody know.
        self.release()

    def _hold(self, flags: int, lock: int) -> int:
        return _held(self._path, flags, lock)

    def read(self, number: int) -> Piece:
        """Return a piece; one that was never written is silent.

        Raises:
            SealBrokenError: If the file was changed.
        """
        with self._path.open("rb") as file:
            file.seek(number * SEALED_BYTES)
            return self._opened(number, file.read(SEALED_BYTES))

    def has(self, number: int) -> bool:
        """Return whether the piece was ever written; a gap reads as zeros."""
        with self._path.open("rb") as file:
            file.seek(number * SEALED_BYTES)
            return any(file.read(SEALED_BYTES))

    def pieces(self) -> Iterator[Piece]:
        """Yield all whole pieces in order; nothing when there is no file.

        Raises:
            SealBrokenError: If the file was changed.
        """
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            number = 0
            while len(sealed := file.read(SEALED_BYTES)) == SEALED_BYTES:
                yield self._opened(number, sealed)
                number += 1

    def remove(self) -> None:
        """Remove the file; removing twice is harmless."""
        self._path.unlink(missing_ok=True)
        self.release()

    def _opened(self, number: int, sealed: bytes) -> Piece:
        # A gap in the file reads as zeros: no piece was written there.
        if len(sealed) < SEALED_BYTES or not any(sealed):
            return Piece.silent(number)
        plain = unseal(self._sealer.key, sealed, self._place(number))
        return Piece(
            number,
            int.from_bytes(plain[:MASK_BYTES], "big"),
            bytearray(plain[MASK_BYTES : MASK_BYTES + SIDE_BYTES]),
            bytearray(plain[MASK_BYTES + SIDE_BYTES :]),
        )

    def _place(self, number: int) -> Place:
        return Place(
            self._sealer.organization_id,
            "recordings_spool",
            "sound",
            self._sealer.call_id,
            piece=number,
            is_last=False,
        )
