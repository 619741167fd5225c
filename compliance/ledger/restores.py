"""What a restore lost of the record, said outside of the database and signed.

The rows between a backup and the last anchor are lost with the database that had them;
their leaves stand in the anchors. A statement beside the anchors says which, so that
`ledger verify` tells them from rows that somebody took away. It is written once, and
each look at the ledger shows it.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from compliance.keys.files import sync_folder, write_draft
from compliance.ledger.anchors import AnchorBrokenError
from compliance.ledger.notes import NoteBrokenError, Verifier, open_note
from compliance.ledger.signer import Signer

_FOLDER = "restores"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """One restore of the database.

    Attributes:
        backup_at: The instant of the backup.
        lost: For each organization the positions whose rows are gone: the first, and
            the one behind the last.
        rows: How many rows are gone.
        kept: For each organization the positions among them whose rows did come back:
            those that the backup had, not sealed yet.
    """

    backup_at: datetime
    restored_at: datetime
    lost: Mapping[UUID, tuple[int, int]]
    rows: int
    kept: Mapping[UUID, Sequence[int]] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return one line for a terminal."""
        return (
            f"restored at {self.restored_at:%Y-%m-%d %H:%M} UTC from a backup of "
            f"{self.backup_at:%Y-%m-%d %H:%M} UTC: {self.rows} rows of "
            f"{len(self.lost)} records were lost"
        )


@dataclass(frozen=True, slots=True)
class Lost:
    """All that restores lost."""

    restores: Sequence[Restore] = field(default_factory=tuple)

    def has_row(self, organization_id: UUID, position: int) -> bool:
        """Return whether a restore accounts for a row that is gone."""
        return any(
            first <= position < behind and position not in kept
            for first, behind, kept in self._of(organization_id)
        )

    def has_gap(self, organization_id: UUID, size: int) -> bool:
        """Return whether the checkpoint before one of `size` rows may be gone."""
        return any(
            first < size <= behind for first, behind, _ in self._of(organization_id)
        )

    def _of(self, organization_id: UUID) -> list[tuple[int, int, Sequence[int]]]:
        return [
            (*one.lost[organization_id], one.kept.get(organization_id, ()))
            for one in self.restores
            if organization_id in one.lost
        ]


def state_restore(directory: Path, restore: Restore, signer: Signer) -> None:
    """Write the statement beside the anchors in `directory`."""
    folder = directory / _FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{restore.restored_at:%Y%m%dT%H%M%SZ}.txt"
    said = {
        "backup_at": restore.backup_at.isoformat(),
        "restored_at": restore.restored_at.isoformat(),
        "lost": {str(of): list(span) for of, span in restore.lost.items()},
        "rows": restore.rows,
        "kept": {str(of): list(positions) for of, positions in restore.kept.items()},
    }
    text = f"{signer.verifier.name}/restore\n{json.dumps(said)}\n"
    draft = write_draft(path, signer.sign(text).encode())
    try:
        os.link(draft, path)
    finally:
        draft.unlink()
    sync_folder(folder)


def read_restores(directory: Path, verifiers: Sequence[Verifier]) -> Lost:
    """Return what restores lost.

    Raises:
        AnchorBrokenError: If a statement is not signed by one of these keys.
    """
    paths = sorted((directory / _FOLDER).glob("[0-9]*.txt"))
    return Lost([_read(path, verifiers) for path in paths])


def _read(path: Path, verifiers: Sequence[Verifier]) -> Restore:
    note = path.read_text(encoding="utf-8", errors="replace")
    for verifier in verifiers:
        try:
            origin, _, text = open_note(note, verifier).partition("\n")
        except NoteBrokenError:
            continue
        if origin == f"{verifier.name}/restore":
            said = json.loads(text)
            lost = {UUID(of): (a, b) for of, (a, b) in said["lost"].items()}
            kept = said.get("kept", {})
            return Restore(
                backup_at=datetime.fromisoformat(said["backup_at"]),
                restored_at=datetime.fromisoformat(said["restored_at"]),
                lost=lost,
                rows=said["rows"],
                kept={UUID(of): positions for of, positions in kept.items()},
            )
    raise AnchorBrokenError(f"the statement {path.name} of a restore is not ours")
