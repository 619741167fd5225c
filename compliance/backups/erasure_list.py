"""What was erased, listed outside of the database, for whoever brings a backup back.

A backup of yesterday holds rows that were erased today. The list says which: one signed
file for each batch of an erasure, with ids and dates alone, written once and never
opened for writing again, in a folder for each day. A batch counts as gone only once it
stands here. Days that are older than any backup go as whole folders.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from compliance.backups.errors import BackupBrokenError
from compliance.keys.files import sync_folder, write_draft
from compliance.ledger.notes import NoteBrokenError, Verifier, open_note
from compliance.ledger.signer import Signer

# Between the time a batch has, its commit, and the clocks of two machines.
MARGIN: Final = timedelta(days=1)
# The longest that a backup is kept, and some days for one that a restore is from.
KEPT: Final = timedelta(days=90 + 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Rows of one holder that were erased together, or a clinic, or a person.

    Attributes:
        organization_id: None for a person, who belongs to no clinic in particular.
        holder: Its name, as ``recordings.audio``; or what else is erased again, as
            ``closing.people``; see `compliance.backups.again`.
        dates: What else must be known to erase it again: instants and ids, by name.
    """

    batch_id: UUID
    organization_id: UUID | None
    holder: str
    ids: Sequence[UUID]
    erased_at: datetime
    dates: Mapping[str, str] = field(default_factory=dict)

    @property
    def clinic_id(self) -> UUID:
        """The clinic.

        Raises:
            BackupBrokenError: If the entry names none, where one must be.
        """
        if self.organization_id is None:
            raise BackupBrokenError(f"{self.batch_id} of the list names no clinic")
        return self.organization_id


class ErasureList:
    """The list under one folder."""

    def __init__(self, directory: Path) -> None:
        """Keep it in `directory`, which is made when first needed."""
        self._directory = directory

    def add(self, erasures: Iterable[Erasure], signer: Signer) -> None:
        """Write batches down; once more is harmless. They are on the disk then."""
        paths = [self._add(erasure, signer) for erasure in erasures]
        # Also where another wrote the file: it may have died before this.
        for day in {path.parent for path in paths}:
            sync_folder(day)
        if paths:
            sync_folder(self._directory)

    def _add(self, erasure: Erasure, signer: Signer) -> Path:
        day = self._directory / erasure.erased_at.astimezone(UTC).date().isoformat()
        path = day / f"{erasure.batch_id}.txt"
        if path.exists():
            return path
        day.mkdir(mode=0o700, parents=True, exist_ok=True)
        note = signer.sign(f"{signer.verifier.name}/erasure\n{_text(erasure)}\n")
        draft = write_draft(path, note.encode())
        try:
            # A link, unlike a rename, leaves alone what stands there.
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink()
        return path

    def since(
        self, at: datetime | None, verifiers: Sequence[Verifier]
    ) -> Iterator[Erasure]:
        """Yield what was erased from then on, in the order of its days.

        Args:
            at: None for all there is. A day earlier is begun with: once more does no
                harm, once less would.

        Raises:
            BackupBrokenError: If an entry is not signed by one of these keys: nothing
                may be erased because somebody put a file here.
        """
        first = (at - MARGIN).astimezone(UTC).date() if at else date.min
        for day, folder in self._days():
            if day >= first:
                for path in sorted(folder.glob("[!.]*.txt")):
                    yield _read(path, verifiers)

    def path(self, name: str) -> Path:
        """Return where a file of the list stands: ``2026-11-26/ID.txt``."""
        return self._directory / name

    def files(self, *, changed_since: datetime | None) -> dict[str, Path]:
        """Return the files by name of days that are as new, or were written to since.

        Args:
            changed_since: None for all days.
        """
        return {
            f"{day.isoformat()}/{path.name}": path
            for day, folder in self._days()
            if changed_since is None
            or day >= changed_since.astimezone(UTC).date()
            or folder.stat().st_mtime >= changed_since.timestamp()
            for path in folder.glob("[!.]*.txt")
        }

    def drop_before(self, at: datetime) -> int:
        """Delete the days before that one; return how many."""
        old = [folder for day, folder in self._days() if day < at.date()]
        for folder in old:
            shutil.rmtree(folder)
        return len(old)

    def _days(self) -> list[tuple[date, Path]]:
        found = []
        for path in sorted(self._directory.glob("*-*-*")):
            try:
                found.append((date.fromisoformat(path.name), path))
            except ValueError:
                continue
        return found


def erasure_list() -> ErasureList:
    """Return where this installation keeps it, as the settings name it."""
    return ErasureList(Path(settings.ERASURE_LIST_DIR))


def _text(erasure: Erasure) -> str:
    said = {
        "batch": str(erasure.batch_id),
        "organization_id": str(erasure.organization_id or ""),
        "holder": erasure.holder,
        "ids": [str(one) for one in erasure.ids],
        "erased_at": erasure.erased_at.isoformat(),
    }
    return json.dumps(said | ({"dates": dict(erasure.dates)} if erasure.dates else {}))


def _read(path: Path, verifiers: Sequence[Verifier]) -> Erasure:
    note = path.read_text(encoding="utf-8", errors="replace")
    for verifier in verifiers:
        try:
            origin, _, text = open_note(note, verifier).partition("\n")
        except NoteBrokenError:
            continue
        if origin == f"{verifier.name}/erasure":
            return _erasure(json.loads(text))
    raise BackupBrokenError(f"{path.name} of the list of erasures is not ours")


def _erasure(said: dict[str, Any]) -> Erasure:
    of = said["organization_id"]
    return Erasure(
        batch_id=UUID(said["batch"]),
        organization_id=UUID(of) if of else None,
        holder=said["holder"],
        ids=[UUID(one) for one in said["ids"]],
        erased_at=datetime.fromisoformat(said["erased_at"]),
        dates=said.get("dates", {}),
    )
