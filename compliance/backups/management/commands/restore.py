"""Bring a backup back into an empty place, and open it when all is erased again."""

import json
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from compliance.backups.buckets import Compared
from compliance.backups.errors import (
    BackupBrokenError,
    BackupRefusedError,
    ErasuresMissingError,
    ProgramFailedError,
)
from compliance.backups.finishing import DESPITE_MISSING, INSIDE, finish_inside
from compliance.backups.keys import read_key
from compliance.backups.objects import recordings_folder
from compliance.backups.schema import migrate_what_came_back
from compliance.backups.services.check_backup import open_backup
from compliance.backups.services.finish_restore import (
    LedgerChangedError,
    finish_restore,
)
from compliance.backups.services.restore_backup import restore_backup
from compliance.backups.services.restore_database import close_database, open_database
from compliance.backups.shelf import backup_at
from compliance.ledger.anchors import AnchorBrokenError
from compliance.ledger.notes import NoteBrokenError, Verifier
from compliance.ledger.services.follow_anchors import AnchorsDifferError
from compliance.ledger.signer import signer, verifiers
from compliance.retention.errors import StillThereError
from sondervoice.kernel.clock import utc_now

_CLOSED = (
    "The database stays closed to the product. When the cause is mended, "
    "`restore --replay-only` goes on"
)

_MISSING = (
    "What those files erased may have come back. Put them in their place from a copy; "
    f"or go on without them, by {DESPITE_MISSING}, and erase it again by hand"
)

_NOT_FIT = (
    AnchorBrokenError,
    AnchorsDifferError,
    BackupBrokenError,
    BackupRefusedError,
)


class Command(BaseCommand):
    """`restore BACKUP` and `restore --replay-only`."""

    help = "Bring a backup back into an empty place; replay what was erased since."
    # Whatever is amiss with pages or settings elsewhere, backups come back.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which backup, or that the database is back already."""
        parser.add_argument("folder", nargs="?", type=Path, metavar="BACKUP")
        parser.add_argument(
            "--replay-only",
            action="store_true",
            help="the database was brought back by other means: verify and erase",
        )
        parser.add_argument(
            DESPITE_MISSING,
            action="store_true",
            help="go on though the list of erasures is not whole",
        )
        parser.add_argument("--key", help="the public key that signed the backup")
        parser.add_argument(INSIDE, action="store_true", help=SUPPRESS)
        parser.add_argument("--since", help=SUPPRESS, type=datetime.fromisoformat)
        parser.add_argument("--drill", action="store_true", help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if not settings.DATABASE_OWNER_URL:
            raise CommandError("Set DATABASE_OWNER_URL, naming an empty database.")
        if options["inside"]:
            self._finish(options)
            return
        folder, is_back = options["folder"], options["replay_only"]
        if (folder is None) != is_back:
            raise CommandError("Name a backup, or say --replay-only.")
        try:
            since = None if is_back else self._restore(folder, options)
        except (BackupBrokenError, BackupRefusedError, ProgramFailedError) as error:
            raise CommandError(f"{error}. Nothing was opened.") from None
        self._open(since, despite_missing=options["despite_missing"])

    def _restore(self, folder: Path, options: dict[str, Any]) -> datetime:
        try:
            named = Verifier.from_text(options["key"]) if options["key"] else None
        except NoteBrokenError as error:
            raise CommandError(f"--key: {error}.") from None
        opened = open_backup(
            backup_at(folder),
            key=read_key(Path(settings.BACKUP_KEY_PATH)),
            verifiers=[named] if named else verifiers(signer().verifier),
        )
        done = restore_backup(
            opened, url=settings.DATABASE_OWNER_URL, folder=recordings_folder()
        )
        self.stdout.write(
            f"{done.rows} rows and {done.recordings} recordings of "
            f"{opened.manifest.made_at:%Y-%m-%d %H:%M} UTC are back"
        )
        return opened.manifest.made_at

    def _open(self, since: datetime | None, *, despite_missing: bool) -> None:
        url = settings.DATABASE_OWNER_URL
        close_database(url)
        try:
            said = finish_inside(since=since, despite_missing=despite_missing)
        except BackupBrokenError as error:
            raise CommandError(f"{error}. {_CLOSED}.") from None
        open_database(url)
        self.stdout.write(
            f"{said['sealed_rows']} rows of the record are as sealed, "
            f"{said['lost_rows']} were lost since the backup"
        )
        self.stdout.write(
            f"{said['replayed']['batches']} erasures replayed, "
            f"{said['replayed']['erased']} things had come back and are gone"
        )
        self._say_missing(said["missing"])
        for place in said["places"]:
            self.stdout.write(str(Compared(**place)))
        for clinic in said["ownerless"]:
            self.stdout.write(
                f"Clinic {clinic} has no owner: who owned it was erased again, and who "
                "followed after the backup is not known. Appoint one: docs/backups.md."
            )
        self.stdout.write("The database is open.")

    def _finish(self, options: dict[str, Any]) -> None:
        try:
            migrate_what_came_back()
            done = finish_restore(
                since=options["since"],
                signer=signer(),
                now=utc_now(),
                is_drill=options["drill"],
                despite_missing=options["despite_missing"],
            )
        except LedgerChangedError as error:
            for finding in error.findings:
                self.stderr.write(str(finding))
            raise CommandError(f"{error}.") from None
        except ErasuresMissingError as error:
            self._say_missing(error.missing)
            raise CommandError(f"{error}. {_MISSING}.") from None
        except _NOT_FIT as error:
            raise CommandError(f"{error}.") from None
        except StillThereError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(asdict(done), default=str))

    def _say_missing(self, missing: Sequence[str]) -> None:
        for line in missing:
            self.stderr.write(f"list of erasures: {line}")
