"""The generations of a root key: a file of lines, replaced as a whole.

``sondervoice generations 1``, then a line for each, ``number made_at value``. The value
of one that was given up is ``-``. A file of exactly 32 bytes, as a keyring begins, is
one generation, as old as the file.
"""

import base64
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from compliance.keys.files import replace_file

_TITLE: Final = "sondervoice generations 1"
_LINE: Final = re.compile(r"([1-9][0-9]{0,8}) (\S+) (\S+)")
_GONE: Final = "-"
RAW_BYTES: Final = 32
_Stamp = tuple[int, int, int]


class GenerationsBrokenError(Exception):
    """The file is missing, or is not one of ours."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One root key.

    Attributes:
        value: The key itself, or its name where somebody else holds it.
    """

    number: int
    made_at: datetime
    value: str = field(repr=False)

    @property
    def is_live(self) -> bool:
        """Return whether it was not given up."""
        return self.value != _GONE


class GenerationFile:
    """Reads the file, and again when another process has replaced it."""

    def __init__(self, path: Path) -> None:
        """Name the file, which need not be there yet."""
        self._path = path
        self._held: tuple[_Stamp, tuple[Generation, ...]] | None = None

    def read(self) -> tuple[Generation, ...]:
        """Return the generations, oldest first.

        Raises:
            GenerationsBrokenError: If the file is missing or is not one of ours.
        """
        try:
            seen = self._path.stat()
            stamp = (seen.st_ino, seen.st_mtime_ns, seen.st_size)
            if self._held is None or self._held[0] != stamp:
                made_at = datetime.fromtimestamp(seen.st_mtime, UTC)
                found = _read(self._path.read_bytes(), made_at)
                self._held = (stamp, found)
            return self._held[1]
        except OSError:
            raise GenerationsBrokenError("it cannot be read") from None

    def exists(self) -> bool:
        """Return whether there is such a file."""
        return self._path.exists()

    def add(self, value: str, *, now: datetime) -> Generation:
        """Add the newest generation."""
        known = self.read() if self.exists() else ()
        number = known[-1].number + 1 if known else 1
        added = Generation(number, now, value)
        self._write((*known, added))
        return added

    def give_up(self, numbers: Collection[int]) -> None:
        """Forget the values of these."""
        self._write(
            [
                replace(one, value=_GONE) if one.number in numbers else one
                for one in self.read()
            ]
        )

    def _write(self, generations: Sequence[Generation]) -> None:
        lines = [
            f"{one.number} {one.made_at.isoformat()} {one.value}" for one in generations
        ]
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self._path, "\n".join([_TITLE, *lines, ""]).encode())


def _read(raw: bytes, made_at: datetime) -> tuple[Generation, ...]:
    if len(raw) == RAW_BYTES:
        return (Generation(1, made_at, base64.b64encode(raw).decode()),)
    title, *lines = raw.decode("ascii", "replace").splitlines() or [""]
    found = [_LINE.fullmatch(line) for line in lines]
    if title != _TITLE or not found or not raw.endswith(b"\n"):
        raise GenerationsBrokenError("it is neither 32 bytes nor a list of generations")
    try:
        read = tuple(
            Generation(int(one[1]), datetime.fromisoformat(one[2]), one[3])
            for one in found
            if one is not None
        )
    except ValueError:
        read = ()
    numbers = [one.number for one in read]
    if len(read) != len(lines) or numbers != sorted(set(numbers)):
        raise GenerationsBrokenError("a line of it is damaged")
    if not read[-1].is_live or read[-1].made_at.tzinfo is None:
        raise GenerationsBrokenError("its newest generation is damaged")
    return read
