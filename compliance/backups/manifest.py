"""What a backup says of itself: a note that the record's key signs.

Its first line is not one a checkpoint has, so neither is ever taken for the other.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from compliance.backups.buckets import Counted
from compliance.backups.errors import BackupBrokenError
from compliance.backups.sealed_file import Sum
from compliance.ledger.notes import NoteBrokenError, Verifier, open_note
from compliance.ledger.signer import Signer

FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One backup.

    Attributes:
        made_at: When its snapshot was taken, in UTC.
        purged_at: The time of the erasure that was finished before.
        key_id: Names the backup key.
        tables: Rows of each table.
        object_count: Sealed recordings that are copied.
        buckets: Those in buckets, which are counted and not copied, by place.
        parts: Sum of each sealed file, by its name.
        heads: Each organization's sealed record: rows, root in hexadecimal digits.
        anchors: The last anchor that the database knew.
    """

    id: UUID
    made_at: datetime
    purged_at: datetime
    product_version: str
    postgres_major: int
    key_id: str
    migrations: Sequence[str]
    tables: dict[str, int]
    object_count: int
    object_bytes: int
    parts: dict[str, Sum]
    heads: dict[str, list[object]]
    anchors: int
    buckets: dict[str, Counted] = field(default_factory=dict)

    @property
    def row_count(self) -> int:
        """Rows of all tables."""
        return sum(self.tables.values())

    @property
    def size_bytes(self) -> int:
        """All of it on the disk, the manifest not counted."""
        return self.object_bytes + sum(part.size_bytes for part in self.parts.values())

    def signed(self, signer: Signer) -> str:
        """Return the note."""
        said = {"format": FORMAT, **asdict(self)}
        text = json.dumps(said, indent=1, default=_plain, ensure_ascii=True)
        return signer.sign(f"{signer.verifier.name}/backup\n{text}\n")

    @staticmethod
    def from_note(note: str, verifiers: Sequence[Verifier]) -> "Manifest":
        """Return what a note says that one of these keys signed.

        Raises:
            BackupBrokenError: If none of them did, or it is no manifest.
        """
        origin, _, text = _opened(note, verifiers).partition("\n")
        if not origin.endswith("/backup"):
            raise BackupBrokenError("this is no manifest")
        try:
            return _read(json.loads(text))
        except (KeyError, TypeError, ValueError):
            raise BackupBrokenError("the manifest cannot be read") from None


def _read(said: dict[str, Any]) -> Manifest:
    if said.pop("format") != FORMAT:
        raise ValueError
    said |= {name: datetime.fromisoformat(said[name]) for name in _TIMES}
    said["id"] = UUID(said["id"])
    # Of manifests from before buckets were counted.
    said.pop("has_objects", None)
    counted = said.get("buckets", {})
    said["buckets"] = {place: Counted(**one) for place, one in counted.items()}
    said["parts"] = {name: Sum(**part) for name, part in said["parts"].items()}
    return Manifest(**said)


_TIMES: Final = ("made_at", "purged_at")


def _opened(note: str, verifiers: Sequence[Verifier]) -> str:
    for verifier in verifiers:
        try:
            return open_note(note, verifier)
        except NoteBrokenError:
            continue
    raise BackupBrokenError("the manifest is not signed by a key that is believed")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
