"""Make an encrypted backup of the database and the recordings, never of the keys."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from compliance.backups.errors import (
    BackupRefusedError,
    ProgramFailedError,
    PurgeUnfinishedError,
)
from compliance.backups.services.make_backup import make_backup
from compliance.backups.services.watch_backups import note_refusal
from compliance.backups.shelf import Shelf
from compliance.ledger.signer import signer
from sondervoice.kernel.clock import utc_now


class Command(BaseCommand):
    """`backup [DIR]`."""

    help = (
        "Make an encrypted, dated backup in BACKUP_DIR, and delete those that are too "
        "old."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where it goes, from whoever wants to say it."""
        parser.add_argument(
            "folder",
            nargs="?",
            metavar="DIR",
            help="BACKUP_DIR; any other is refused, for nothing deletes backups there",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        now = utc_now()
        if not settings.BACKUP_DIR:
            raise CommandError("Set BACKUP_DIR to the folder of the backups.")
        folder = Path(settings.BACKUP_DIR)
        _refuse_other(options["folder"], folder)
        if not settings.DATABASE_OWNER_URL:
            raise CommandError("Set DATABASE_OWNER_URL: the owner alone sees all rows.")
        try:
            made = make_backup(shelf=Shelf(folder), signer=signer(), now=now)
        except PurgeUnfinishedError as error:
            note_refusal(clinics=error.clinics, now=now)
            raise CommandError(f"{error}.") from None
        except (BackupRefusedError, ProgramFailedError) as error:
            raise CommandError(f"{error}.") from None
        except OSError as error:
            raise CommandError(
                f"{error.strerror}: nothing of it is left, older backups are as before."
            ) from None
        said = made.manifest
        self.stdout.write(
            f"{said.row_count} rows and {said.object_count} recordings in "
            f"{made.folder}; {made.deleted} old backups deleted"
        )
        for place, counted in said.buckets.items():
            self.stdout.write(f"{place}: {counted}")


def _refuse_other(named: str | None, folder: Path) -> None:
    """Refuse a place where no clock looks: certificates say when a backup is gone."""
    if named and Path(named).resolve() != folder.resolve():
        raise CommandError(
            f"A backup in {named} would stay: nothing deletes it after "
            f"{settings.BACKUP_KEEP_DAYS} days. They go to BACKUP_DIR alone, {folder}."
        )
