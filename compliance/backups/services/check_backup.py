"""Look at all of a backup before any of it is believed."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from compliance.backups.errors import BackupBrokenError
from compliance.backups.keys import key_id
from compliance.backups.manifest import Manifest
from compliance.backups.objects import check_objects, read_list
from compliance.backups.sealed_file import Name, Sum, open_stream, sum_of
from compliance.backups.services.make_backup import DATABASE_PART, OBJECTS_PART
from compliance.backups.shelf import OBJECTS, Backup
from compliance.ledger.notes import Verifier


@dataclass(frozen=True, slots=True)
class OpenBackup:
    """A backup whose manifest is signed by a key that is believed.

    Attributes:
        key: The backup key.
    """

    backup: Backup
    manifest: Manifest
    key: bytes

    def read(self, part: str) -> Iterator[bytes]:
        """Yield what a part says.

        Raises:
            BackupBrokenError: If it was cut or changed.
        """
        with self._path(part).open("rb") as file:
            name = Name(self.manifest.id, part)
            yield from open_stream(file, key=self.key, name=name)

    def database(self) -> Iterator[bytes]:
        """Yield the dump."""
        return self.read(DATABASE_PART)

    def objects(self) -> Iterator[tuple[str, Sum]]:
        """Yield the names of the recordings with their sums."""
        return read_list(self.read(OBJECTS_PART))

    def check(self) -> None:
        """Read each file of it and compare it with what was signed.

        Raises:
            BackupBrokenError: With the first that is missing or was changed.
        """
        for part, said in self.manifest.parts.items():
            found = None
            with suppress(FileNotFoundError), self._path(part).open("rb") as file:
                found = sum_of(file)
            if found != said:
                raise BackupBrokenError(f"{part} is missing or not what was signed")
            for _ in self.read(part):
                pass
        check_objects(self.backup.folder / OBJECTS, self.objects())

    def _path(self, part: str) -> Path:
        return self.backup.folder / f"{part}.sealed"


def open_backup(
    backup: Backup, *, key: bytes, verifiers: Sequence[Verifier]
) -> OpenBackup:
    """Return a backup by its signed manifest.

    Raises:
        BackupBrokenError: If nobody we believe signed it, or another key closed it.
    """
    manifest = backup.manifest(verifiers)
    if manifest.key_id != key_id(key):
        raise BackupBrokenError(
            f"the backup is closed by the key {manifest.key_id}, this is {key_id(key)}"
        )
    return OpenBackup(backup, manifest, key)
