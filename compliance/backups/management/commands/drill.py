"""Try the newest backup in a place of its own."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from compliance.backups.buckets import Compared
from compliance.backups.services.run_drill import run_drill
from compliance.backups.shelf import Shelf
from compliance.ledger.signer import signer
from sondervoice.kernel.clock import utc_now


class Command(BaseCommand):
    """`drill [DIR]`."""

    help = "Bring the newest backup back in a place of its own, and look at all of it."
    # Whatever is amiss with pages or settings elsewhere, backups come back.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where the backups are."""
        parser.add_argument(
            "folder", nargs="?", metavar="DIR", help="BACKUP_DIR if not given"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        folder = options["folder"] or settings.BACKUP_DIR
        if not folder or not settings.DATABASE_OWNER_URL:
            raise CommandError("Set BACKUP_DIR and DATABASE_OWNER_URL.")
        drill = run_drill(
            shelf=Shelf(Path(folder)), verifier=signer().verifier, now=utc_now()
        )
        for line in drill.missing:
            self.stderr.write(f"list of erasures: {line}")
        if drill.failure:
            raise CommandError(f"The backup cannot be brought back: {drill.failure}.")
        self.stdout.write(
            f"{drill.rows} rows and {drill.recordings} recordings were back in "
            f"{drill.took_s} s; the backup is {drill.loses_s // 60} minutes old"
        )
        self.stdout.write(
            f"{drill.sealed_rows} rows of the record are as sealed; "
            f"{drill.batches} erasures replayed, {drill.erased} things were gone again"
        )
        for place in drill.places:
            self.stdout.write(str(Compared(**place)))
        if drill.lacks:
            raise CommandError("Not all recordings are where the backup says.")
