"""Make a backup: what the database and the recordings held at one instant.

The key store and the keyring are never in it. That is the point: of a call that is
erased tomorrow, this backup has what its key opened, and the key is nowhere.
"""

import os
import time
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from compliance.backups.buckets import count_buckets
from compliance.backups.dump import dump, snapshot
from compliance.backups.errors import PurgeUnfinishedError
from compliance.backups.keys import key_id, read_key
from compliance.backups.manifest import Manifest
from compliance.backups.objects import Tally, copy_objects, recordings_folder
from compliance.backups.sealed_file import Name, Sum, seal_stream
from compliance.backups.shelf import MANIFEST, OBJECTS, Shelf
from compliance.ledger.signer import Signer
from compliance.retention.jobs import HOUR
from compliance.retention.services.watch_runs import count_late
from sondervoice.kernel import audit
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.slots import latest_slot

DATABASE_PART: Final = "database"
OBJECTS_PART: Final = "objects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was done.

    Attributes:
        deleted: How many backups had come to their end.
    """

    folder: Path
    manifest: Manifest
    deleted: int


def make_backup(*, shelf: Shelf, signer: Signer, now: datetime) -> Made:
    """Make a backup, and delete those whose days are over.

    Args:
        now: In UTC.

    Raises:
        PurgeUnfinishedError: If today's erasure is not finished.
        BackupRefusedError: If something else must be done first.
        ProgramFailedError: If the database could not be dumped.
        OSError: If there is no room. Nothing is left of it then.
    """
    purged_at = latest_slot(now, hour=HOUR)
    if late := count_late(due_at=purged_at):
        raise PurgeUnfinishedError(late)
    key = read_key(Path(settings.BACKUP_KEY_PATH))
    with shelf.alone():
        newest = shelf.newest()
        before = newest.folder / OBJECTS if newest else None
        with shelf.draft(now) as draft:
            writer = _Writer(draft, key, before=before, now=now)
            manifest = writer.write(purged_at)
            _write(draft / MANIFEST, [manifest.signed(signer).encode()])
        deleted = shelf.delete_older(keep_days=settings.BACKUP_KEEP_DAYS, now=now)
    _record(manifest, deleted)
    folder = shelf.directory / draft.name[1:].split(".")[0]
    return Made(folder=folder, manifest=manifest, deleted=deleted)


class _Writer:
    """Writes the parts of one backup into its draft."""

    def __init__(
        self, draft: Path, key: bytes, *, before: Path | None, now: datetime
    ) -> None:
        self._draft = draft
        self._key = key
        self._before = before
        self._now = now
        self._id = uuid7()
        self._tally = Tally()
        self._until_s = 0.0

    def write(self, purged_at: datetime) -> Manifest:
        """Write the database, then the recordings; return what was written.

        In this order: what a row of the snapshot names is stored, or erased since.
        """
        source, url = recordings_folder(), settings.DATABASE_OWNER_URL
        with snapshot(url) as seen:
            self._until_s = time.time()
            tables = seen.count_rows()
            parts = {DATABASE_PART: self._seal(DATABASE_PART, dump(url, seen))}
            said = (seen.migrations(), seen.heads(), seen.anchors(), seen.major)
        parts[OBJECTS_PART] = self._seal(OBJECTS_PART, self._objects(source))
        migrations, heads, anchors, major = said
        return Manifest(
            id=self._id,
            made_at=self._now,
            purged_at=purged_at,
            product_version=_product_version(),
            postgres_major=major,
            key_id=key_id(self._key),
            migrations=migrations,
            tables=tables,
            object_count=self._tally.count,
            object_bytes=self._tally.size_bytes,
            parts=parts,
            heads=heads,
            anchors=anchors,
            buckets=count_buckets(),
        )

    def _objects(self, source: Path) -> Iterable[bytes]:
        to = self._draft / OBJECTS
        to.mkdir(mode=0o700)
        return copy_objects(
            source, to, before=self._before, until_s=self._until_s, tally=self._tally
        )

    def _seal(self, part: str, plain: Iterable[bytes]) -> Sum:
        with (self._draft / f"{part}.sealed").open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            name = Name(self._id, part)
            said = seal_stream(plain, file, key=self._key, name=name)
            file.flush()
            os.fsync(file.fileno())
        return said


def _write(path: Path, lumps: Iterable[bytes]) -> None:
    with path.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.writelines(lumps)
        file.flush()
        os.fsync(file.fileno())


def _product_version() -> str:
    project = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(project)["project"]["version"])


@transaction.atomic
def _record(manifest: Manifest, deleted: int) -> None:
    audit.record(
        audit.Entry(
            action="compliance.backup.made",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="backup",
            subject_id=manifest.id,
            facts={
                "rows": manifest.row_count,
                "recordings": manifest.object_count,
                "in_buckets": sum(one.count for one in manifest.buckets.values()),
                "not_counted": sum(1 for one in manifest.buckets.values() if one.why),
                "size_bytes": manifest.size_bytes,
                "deleted": deleted,
            },
        )
    )
