"""What stands on the list of erasures, said once more beside the anchors.

A file that is deleted from the list leaves no trace there. So the clock writes tallies:
names and sums of the files that are new since the tally before. They are numbered, each
has the sum of the one before it, and the record has the number and sum of each. None is
ever deleted; a day of the list may be, once no backup is older.

Not a chain of the list's own files: two workers write those at once, and would have to
wait for each other at each batch of a night.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from compliance.backups.errors import BackupBrokenError
from compliance.keys.files import sync_folder, write_draft
from compliance.ledger.notes import NoteBrokenError, Verifier, open_note
from compliance.ledger.signer import Signer

_FOLDER: Final = "erasures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One tally.

    Attributes:
        before: Sum (SHA-256) of the tally before; empty for the first.
        sums: Of the files that were new, by name: ``2026-11-26/ID.txt``.
    """

    number: int
    at: datetime
    before: str
    sums: Mapping[str, str]


class TallyBook:
    """All tallies, in one folder."""

    def __init__(self, directory: Path) -> None:
        """Keep them in `directory`, which is made when first needed."""
        self._directory = directory

    def last_number(self) -> int:
        """Return the highest number there is, or 0."""
        numbers = [int(path.stem) for path in self._directory.glob("[0-9]*.txt")]
        return max(numbers, default=0)

    def add(
        self, sums: Mapping[str, str], signer: Signer, *, at: datetime
    ) -> Tally | None:
        """Write the next tally; it is on the disk then.

        Returns:
            None if another wrote one of that number at the same time.

        Raises:
            OSError: If it cannot be written.
        """
        last = self.last_number()
        before = (self.sum_of(last) or "") if last else ""
        tally = Tally(number=last + 1, at=at, before=before, sums=sums)
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        said = {"at": at.isoformat(), "before": before, "sums": dict(sums)}
        text = f"{signer.verifier.name}/tally {tally.number}\n{json.dumps(said)}\n"
        path = self._path(tally.number)
        draft = write_draft(path, signer.sign(text).encode())
        try:
            os.link(draft, path)
        except FileExistsError:
            return None
        finally:
            draft.unlink()
        sync_folder(self._directory)
        return tally

    def sum_of(self, number: int) -> str | None:
        """Return the sum of a tally; None if it is not there."""
        try:
            return hashlib.sha256(self._path(number).read_bytes()).hexdigest()
        except FileNotFoundError:
            return None

    def read(self, number: int, verifiers: Sequence[Verifier]) -> Tally | None:
        """Return a tally; None if it is not there.

        Raises:
            BackupBrokenError: If it is not signed by one of these keys.
        """
        try:
            note = self._path(number).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None
        for verifier in verifiers:
            try:
                origin, _, text = open_note(note, verifier).partition("\n")
            except NoteBrokenError:
                continue
            if origin == f"{verifier.name}/tally {number}":
                said = json.loads(text)
                said["at"] = datetime.fromisoformat(said["at"])
                return Tally(number=number, **said)
        raise BackupBrokenError(f"tally {number} of the list of erasures is not ours")

    def newest_first(self, verifiers: Sequence[Verifier]) -> Iterator[Tally]:
        """Yield those that are there, as `read` does."""
        for number in range(self.last_number(), 0, -1):
            if (tally := self.read(number, verifiers)) is not None:
                yield tally

    def _path(self, number: int) -> Path:
        return self._directory / f"{number:010d}.txt"


def tally_book() -> TallyBook:
    """Return where this installation keeps them: beside the anchors."""
    return TallyBook(Path(settings.LEDGER_ANCHOR_DIR) / _FOLDER)
