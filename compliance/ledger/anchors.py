"""Where checkpoints are kept out of the database's reach: written once, never changed.

An anchor is a numbered file of JSON lines; each line is a part of one organization's
record: its leaves since the anchor before, and on its last line the signed checkpoint.
"""

import base64
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings


class AnchorTakenError(Exception):
    """There is an anchor of that number, and it says something else."""


class AnchorBrokenError(Exception):
    """An anchor is missing or is not one of ours."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A sealed row: which, of when, and the hash of what it said."""

    row_id: UUID
    row_at: datetime
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One line of an anchor.

    Attributes:
        start: The position of the first leaf.
        note: The signed checkpoint after the last leaf; empty if leaves follow.
    """

    organization_id: UUID
    start: int
    leaves: Sequence[Leaf]
    note: str = ""

    def as_line(self) -> str:
        """Return the line."""
        leaves = [
            [str(leaf.row_id), leaf.row_at.isoformat(), _b64(leaf.hash)]
            for leaf in self.leaves
        ]
        said = {
            "organization_id": str(self.organization_id),
            "start": self.start,
            "leaves": leaves,
            "note": self.note,
        }
        return json.dumps(said, separators=(",", ":")) + "\n"

    @staticmethod
    def from_line(line: str) -> "Part":
        """Return what a line says.

        Raises:
            AnchorBrokenError: If it is not one of ours.
        """
        try:
            said = json.loads(line)
            leaves = [
                Leaf(UUID(row_id), datetime.fromisoformat(at), base64.b64decode(hashed))
                for row_id, at, hashed in said["leaves"]
            ]
            return Part(
                organization_id=UUID(said["organization_id"]),
                start=int(said["start"]),
                leaves=leaves,
                note=str(said["note"]),
            )
        except (KeyError, TypeError, ValueError):
            raise AnchorBrokenError("an anchor's line cannot be read") from None


class AnchorStore(Protocol):
    """Keeps anchors that nobody can change."""

    def add(self, number: int, content: bytes) -> None:
        """Keep an anchor; keeping the same one twice is harmless.

        Raises:
            AnchorTakenError: If another one is there.
        """

    def read(self, number: int) -> bytes:
        """Return an anchor.

        Raises:
            AnchorBrokenError: If there is none.
        """

    def count(self) -> int:
        """Return the highest number there is, or 0."""


class FileAnchors:
    """Keeps anchors as files that are never opened for writing again.

    Whoever owns the disk can replace them: put the folder on a disk of write-once
    storage, or keep a copy elsewhere.
    """

    def __init__(self, directory: Path) -> None:
        """Keep anchors in `directory`, which is made when first needed."""
        self._directory = directory

    def add(self, number: int, content: bytes) -> None:
        """Keep an anchor; keeping the same one twice is harmless."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(number)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link, unlike a rename, fails where something stands.
            os.link(draft, path)
        except FileExistsError:
            if path.read_bytes() != content:
                raise AnchorTakenError(number) from None
        finally:
            draft.unlink()

    def read(self, number: int) -> bytes:
        """Return an anchor."""
        try:
            return self._path(number).read_bytes()
        except FileNotFoundError:
            raise AnchorBrokenError(f"anchor {number} is missing") from None

    def count(self) -> int:
        """Return the highest number there is, or 0."""
        numbers = [int(path.stem) for path in self._directory.glob("[0-9]*.jsonl")]
        return max(numbers, default=0)

    def _path(self, number: int) -> Path:
        return self._directory / f"{number:010d}.jsonl"


def anchor_store() -> AnchorStore:
    """Return where this installation keeps its anchors, as the settings name it."""
    if not settings.LEDGER_ANCHOR_BUCKET:
        return FileAnchors(Path(settings.LEDGER_ANCHOR_DIR))
    # It needs what stands above.
    from compliance.ledger.s3_anchors import s3_anchors  # noqa: PLC0415

    return s3_anchors(
        settings.LEDGER_ANCHOR_BUCKET,
        region=settings.AWS_REGION,
        endpoint_url=settings.AWS_ENDPOINT_URL,
        keep_days=settings.RECORD_KEEP_DAYS,
    )


def parts_of(store: AnchorStore, number: int) -> Iterator[Part]:
    """Return the lines of an anchor.

    Raises:
        AnchorBrokenError: If it is missing, or a line is not one of ours.
    """
    for line in store.read(number).decode("utf-8", "replace").splitlines():
        yield Part.from_line(line)


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
