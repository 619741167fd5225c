"""A zip file that is sent while it is made: flat memory, nothing on the disk."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, cast

# Sound hardly shrinks, and text does at any level.
_LEVEL: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipEntry:
    """One file, made as it is read."""

    name: str
    pieces: Iterable[bytes]


@dataclass(slots=True)
class Written:
    """What went into the zip, for its manifest.

    Attributes:
        files: Name, bytes and SHA-256 of each.
    """

    files: list[dict[str, Any]] = field(default_factory=list)


class _Sink:
    """What the zip writer writes to; it cannot be gone back in."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._waiting.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Keep all until it is taken."""

    def take(self) -> bytes:
        taken = b"".join(self._waiting)
        self._waiting.clear()
        return taken


def stream_zip(entries: Iterable[ZipEntry], written: Written) -> Iterator[bytes]:
    """Yield the zip of these files; `written` grows as each is done.

    A last entry may be a manifest that reads `written`.
    """
    sink = _Sink()
    archive = zipfile.ZipFile(
        cast("Any", sink), "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL
    )
    with archive:
        for entry in entries:
            yield from _write(archive, entry, sink, written)
    yield sink.take()


def _write(
    archive: zipfile.ZipFile, entry: ZipEntry, sink: _Sink, written: Written
) -> Iterator[bytes]:
    digest, size = hashlib.sha256(), 0
    # Its size is not known before: the wide form lets it be any.
    with archive.open(entry.name, "w", force_zip64=True) as file:
        for piece in entry.pieces:
            digest.update(piece)
            size += len(piece)
            file.write(piece)
            if waiting := sink.take():
                yield waiting
    yield sink.take()
    written.files.append(
        {"name": entry.name, "bytes": size, "sha256": digest.hexdigest()}
    )
